import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ENTRY_NAMES } from '../package/manifest.js';
import { checkResult } from './check-result.js';
import { readPublicKeys, type TrustedKeys } from './trust.js';
import { statusOf, type Verification } from './verification.js';

/** Verifies a result that lies in a file, with the signature, time stamp and keys that lie beside it under their names. */
export async function verifyResult(path: string, trust: TrustedKeys): Promise<Verification> {
  const folder = dirname(path);
  const beside = async (name: string): Promise<Buffer | null> =>
    existsSync(join(folder, name)) ? readFile(join(folder, name)) : null;
  const result = await readFile(path);
  const [signature, timeStamp, keys] = await Promise.all(
    [ENTRY_NAMES.signature, ENTRY_NAMES.timeStamp, ENTRY_NAMES.keys].map(beside),
  );
  const {
    job,
    faults,
    signer,
    timeStamp: stamp,
  } = await checkResult({
    result,
    signature: signature?.toString('utf8') ?? null,
    timeStamp: timeStamp ?? null,
    enclosed: enclosedKeys(keys ?? null),
    trust,
    names: { result: basename(path), signature: ENTRY_NAMES.signature, timeStamp: ENTRY_NAMES.timeStamp },
  });
  return {
    kind: 'result',
    status: statusOf(faults, [signer]),
    ...{ job, faults, signer, timeStamp: stamp, custody: null },
    checked: [
      basename(path),
      ...(signature ? [ENTRY_NAMES.signature] : []),
      ...(timeStamp ? [ENTRY_NAMES.timeStamp] : []),
    ],
    result: result.toString('utf8'),
  };
}

/** Keys beside it are a convenience: those that cannot be read are none. */
function enclosedKeys(bytes: Buffer | null) {
  try {
    return bytes === null ? [] : readPublicKeys(bytes.toString('utf8'));
  } catch {
    return [];
  }
}
