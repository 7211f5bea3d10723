import { type PublicJwk, PublicJwksSchema, ResultSchema } from '@styleflow/contracts';
import { canonicalJson } from '../canonical/canonical-json.js';
import { sha256OfChunks } from '../canonical/digest.js';
import { readCustody } from '../custody/custody-chain.js';
import { ENTRY_NAMES, MANIFEST, MANIFEST_SIGNATURE, type Manifest, ManifestSchema } from '../package/manifest.js';
import { type ReadEntry, readZip } from '../package/read-zip.js';
import { checkResult } from './check-result.js';
import { checkSignature, type Signer } from './check-signature.js';
import type { TrustedKeys } from './trust.js';
import { type Fault, statusOf, type Verification } from './verification.js';

/** What is read whole is no longer: results of the longest videos are a fifth of it. */
const WHOLE_BYTES_MAX = 512 * 2 ** 20;

/**
 * Verifies an evidence package offline: the form of the file, each entry against the manifest, the signatures, the chain of the custody
 * log, and that all of it tells of the same job.
 */
export async function verifyPackage(path: string, trust: TrustedKeys): Promise<Verification> {
  const faults: Fault[] = [];
  const fault = (name: string, says: string): void => void faults.push({ name, says });
  const nothing = { kind: 'package', job: null, signer: null, timeStamp: null, custody: null, result: null } as const;
  let entries: readonly ReadEntry[];
  try {
    const zip = await readZip(path);
    entries = zip.entries;
    for (const says of zip.faults) fault('the package', says);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    fault('the package', error.message);
    return { ...nothing, status: 'refused', faults, checked: [] };
  }
  const read = async (name: string): Promise<Buffer | null> => {
    const entry = entries.find((one) => one.name === name);
    if (!entry || entry.bytes > WHOLE_BYTES_MAX) return null;
    return entry.read();
  };
  const manifestBytes = await read(MANIFEST);
  const manifest = parseManifest(manifestBytes);
  if (manifestBytes === null || manifest === null) {
    fault(MANIFEST, manifestBytes === null ? 'it is missing' : 'it is no manifest of an evidence package');
    return { ...nothing, status: 'refused', faults, checked: [] };
  }
  await compareEntries(entries, manifest, fault);

  const enclosed = parseKeys(await read(ENTRY_NAMES.keys));
  const manifestSignature = (await read(MANIFEST_SIGNATURE))?.toString('latin1') ?? null;
  let signer: Signer | null = null;
  if (manifest.signed !== (manifestSignature !== null)) {
    fault(MANIFEST_SIGNATURE, manifest.signed ? 'it is missing' : 'the manifest says that there is none');
  } else if (manifestSignature !== null) {
    const signed = {
      signature: manifestSignature,
      bytes: manifestBytes,
      type: 'styleflow-manifest',
      enclosed,
      trust,
    } as const;
    const checked = await checkSignature(signed);
    signer = checked.signer;
    if (checked.fault !== null) fault(MANIFEST_SIGNATURE, checked.fault);
  }

  const custody = checkCustody(manifest, await read(ENTRY_NAMES.custody), fault);
  const result = await read(ENTRY_NAMES.result);
  if (result === null) {
    fault(ENTRY_NAMES.result, 'it is missing');
    return {
      ...nothing,
      status: 'refused',
      job: manifest.job,
      faults,
      signer,
      custody,
      checked: [...Object.keys(manifest.entries)],
    };
  }
  const signature = (await read(ENTRY_NAMES.signature))?.toString('latin1') ?? null;
  if (manifest.signed && signature === null) fault(ENTRY_NAMES.signature, 'it is missing');
  const names = { result: ENTRY_NAMES.result, signature: ENTRY_NAMES.signature, timeStamp: ENTRY_NAMES.timeStamp };
  const timeStamp = await read(ENTRY_NAMES.timeStamp);
  const checked = await checkResult({ result, signature, timeStamp, enclosed, trust, names });
  faults.push(...checked.faults);
  if (checked.job !== null && checked.job !== manifest.job)
    fault(ENTRY_NAMES.result, 'it is the result of another job');
  checkVideo(result, manifest, fault);
  return {
    kind: 'package',
    status: statusOf(faults, [signer, checked.signer]),
    job: manifest.job,
    ...{ faults, signer, timeStamp: checked.timeStamp, custody },
    checked: [...Object.keys(manifest.entries), MANIFEST, ...(manifestSignature === null ? [] : [MANIFEST_SIGNATURE])],
    result: result.toString('utf8'),
  };
}

type TellFault = (name: string, says: string) => void;

async function compareEntries(entries: readonly ReadEntry[], manifest: Manifest, fault: TellFault): Promise<void> {
  const open = new Set(Object.keys(manifest.entries));
  for (const { name, stream } of entries) {
    if (name === MANIFEST || name === MANIFEST_SIGNATURE) continue;
    const listed = Object.hasOwn(manifest.entries, name) ? manifest.entries[name] : undefined;
    if (!listed) {
      fault(name, 'the manifest does not list it');
      continue;
    }
    open.delete(name);
    const found = await sha256OfChunks(stream() as AsyncIterable<Buffer>);
    if (found.sha256 !== listed.sha256 || found.bytes !== listed.bytes)
      fault(name, 'it is not what the manifest lists');
  }
  for (const name of open) fault(name, 'the manifest lists it, but it is missing');
}

function checkCustody(manifest: Manifest, bytes: Buffer | null, fault: TellFault): Verification['custody'] {
  if (bytes === null) {
    fault(ENTRY_NAMES.custody, 'it is missing');
    return null;
  }
  const lines = bytes.toString('utf8').split('\n');
  if (lines.pop() !== '') fault(ENTRY_NAMES.custody, 'its last line has no end');
  const { entries, head, faults } = readCustody(manifest.job, lines);
  for (const says of faults) fault(ENTRY_NAMES.custody, says);
  if (head !== manifest.custody.head || entries.length !== manifest.custody.entries) {
    fault(ENTRY_NAMES.custody, 'it does not end where the manifest says: entries were added, removed or written anew');
  }
  return { entries: entries.length, head };
}

function checkVideo(result: Buffer, manifest: Manifest, fault: TellFault): void {
  const listed = manifest.entries[ENTRY_NAMES.video];
  if (!listed) return;
  const parsed = ResultSchema.pick({ video: true }).safeParse(parseJson(result));
  if (parsed.success && parsed.data.video.sha256 !== listed.sha256) {
    fault(ENTRY_NAMES.video, 'it is not the video that the result is about');
  }
}

function parseManifest(bytes: Buffer | null): Manifest | null {
  const parsed = bytes === null ? null : ManifestSchema.safeParse(parseJson(bytes));
  // Two spellings of a name, or a name twice, would be read differently by others.
  return parsed?.success && canonicalJson(parsed.data) === bytes?.toString('utf8') ? parsed.data : null;
}

function parseKeys(bytes: Buffer | null): readonly PublicJwk[] {
  const parsed = bytes === null ? null : PublicJwksSchema.safeParse(parseJson(bytes));
  return parsed?.success ? parsed.data.keys : [];
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
