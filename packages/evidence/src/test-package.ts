import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { PublicJwk } from '@styleflow/contracts';
import { canonicalJson } from './canonical/canonical-json.js';
import { sha256 } from './canonical/digest.js';
import { extendCustody, readCustody } from './custody/custody-chain.js';
import { thumbprint } from './keys/public-key.js';
import { ENTRY_NAMES } from './package/manifest.js';
import { writePackage } from './package/write-package.js';
import { signDetached } from './signatures/detached-jws.js';

export const JOB = 'job_01JD0000000000000000000000';
export const AT = new Date('2026-03-01T10:00:00.000Z');
export const VIDEO = Buffer.from('a video');
export const RESULT = canonicalJson({ job: JOB, video: { sha256: sha256(VIDEO) }, verdict: { label: 'fake' } });

export interface TestKey {
  readonly key: KeyObject;
  readonly jwk: PublicJwk;
  readonly pem: string;
}

export function makeKey(dates: { iat?: number; exp?: number } = {}): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const x = String(publicKey.export({ format: 'jwk' }).x);
  return {
    key: privateKey,
    jwk: { kty: 'OKP', crv: 'Ed25519', x, kid: thumbprint(x), alg: 'EdDSA', use: 'sig', ...dates },
    pem: String(publicKey.export({ format: 'pem', type: 'spki' })),
  };
}

export const LOG = extendCustody(JOB, undefined, [
  { at: AT.getTime(), event: 'submitted', by: 'desk', facts: { run: 1 } },
  { at: AT.getTime() + 1, event: 'preparing', by: null, facts: { run: 1, attempt: 1 } },
  { at: AT.getTime() + 2, event: 'succeeded', by: null, facts: { run: 1 } },
]);

export const sign = (bytes: Uint8Array, { key, jwk }: TestKey, type: 'styleflow-result' | 'styleflow-manifest') =>
  signDetached(bytes, { key, kid: jwk.kid, type, at: AT });

/** The bytes of a small package; `with` replaces entries by their names, or leaves them out. */
export async function makePackage(
  key: TestKey | null,
  { log = LOG, changed = {} }: { log?: readonly string[]; changed?: Readonly<Record<string, Uint8Array | null>> } = {},
): Promise<Buffer> {
  const { head, entries: read } = readCustody(JOB, log);
  const signature = key === null ? null : Buffer.from(await sign(Buffer.from(RESULT), key, 'styleflow-result'));
  const contents: Record<string, Uint8Array | null> = {
    [ENTRY_NAMES.readme]: Buffer.from('how to check\n'),
    [ENTRY_NAMES.result]: Buffer.from(RESULT),
    [ENTRY_NAMES.signature]: signature,
    [ENTRY_NAMES.report]: Buffer.from('<!doctype html>'),
    'strips/0.0.png': Buffer.from([1, 2, 3]),
    [ENTRY_NAMES.custody]: Buffer.from(log.map((line) => `${line}\n`).join('')),
    [ENTRY_NAMES.keys]: key === null ? null : Buffer.from(canonicalJson({ keys: [key.jwk] })),
    [ENTRY_NAMES.video]: VIDEO,
    ...changed,
  };
  const entries = Object.entries(contents).flatMap(([name, bytes]) =>
    bytes === null ? [] : [{ name, open: () => Readable.from([Buffer.from(bytes)]) }],
  );
  const whole = writePackage({
    ...{ job: JOB, createdAt: AT, entries, custody: { entries: read.length, head } },
    sign: key === null ? null : (manifest) => sign(manifest, key, 'styleflow-manifest'),
  });
  return Buffer.concat(await whole.toArray());
}

export interface TestFolder {
  /** Writes a file and answers its path. */
  write(name: string, bytes: Uint8Array | string): Promise<string>;
  remove(): Promise<void>;
}

export async function makeFolder(): Promise<TestFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-evidence-'));
  return {
    async write(name, bytes) {
      await writeFile(join(folder, name), bytes);
      return join(folder, name);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
