// @module-tag openssl
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTimeStamp, timeStampRequest } from './time-stamp.js';
import { readTimeStampRoots } from './time-stamp-root.js';

const TEXT = 'a signature';
const ISSUER = 'basicConstraints=critical,CA:TRUE';
const CONFIG = `[own]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
[stamps]
basicConstraints=critical,CA:FALSE
extendedKeyUsage=critical,timeStamping
[plain]
${ISSUER}
[for-stamps]
${ISSUER}
extendedKeyUsage=timeStamping
[for-web-servers]
${ISSUER}
extendedKeyUsage=serverAuth
[no-issuer-below]
${ISSUER},pathlen:0
`;
type Extensions = 'plain' | 'for-stamps' | 'for-web-servers' | 'no-issuer-below';

let folder: string;

/** OpenSSL in the folder of the test. All certificates share one key: who issued whom is told by their names. */
const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-chains-'));
  await writeFile(join(folder, 'openssl.cnf'), CONFIG);
  await openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-out', 'key.pem');
  await openssl('req', '-x509', '-days', '1', '-key', 'key.pem', '-subj', '/CN=root', '-out', 'root.pem');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function issue(issuer: string, name: string, extensions: Extensions | 'stamps'): Promise<void> {
  await openssl('req', '-new', '-key', 'key.pem', '-subj', `/CN=${name}`, '-out', 'request.pem');
  const by = ['-CA', `${issuer}.pem`, '-CAkey', 'key.pem', '-CAcreateserial', '-days', '1'];
  const as = ['-extfile', 'openssl.cnf', '-extensions', extensions, '-out', `${name}.pem`];
  await openssl('x509', '-req', '-in', 'request.pem', ...by, ...as);
}

/** A stamp whose signer comes from the root by issuers of these kinds, the root's own first; whether it is trusted, or why not. */
async function stampBy(...kinds: readonly Extensions[]): Promise<boolean | string> {
  const issuers = kinds.map((kind, place) => ({ kind, name: `${kinds.join('.')}.${place}` }));
  let above = 'root';
  for (const { kind, name } of issuers) {
    await issue(above, name, kind);
    above = name;
  }
  await issue(above, 'signer', 'stamps');
  const chain = await Promise.all(issuers.map(({ name }) => readFile(join(folder, `${name}.pem`), 'utf8')));
  const { body, nonce } = timeStampRequest(TEXT);
  await writeFile(join(folder, 'chain.pem'), chain.join(''));
  await writeFile(join(folder, 'serial'), '01\n');
  await writeFile(join(folder, 'query.tsq'), body);
  const signer = ['-signer', 'signer.pem', '-inkey', 'key.pem', '-chain', 'chain.pem'];
  const how = ['-config', 'openssl.cnf', '-section', 'own', '-out', 'reply.tsr'];
  await openssl('ts', '-reply', '-queryfile', 'query.tsq', ...signer, ...how);
  const roots = readTimeStampRoots(await readFile(join(folder, 'root.pem'), 'utf8'));
  return readTimeStamp(await readFile(join(folder, 'reply.tsr')), TEXT, nonce, roots).then(
    ({ isTrusted }) => isTrusted,
    (error: Error) => error.message,
  );
}

it('a stamp counts when every issuer between its signer and the root may issue for stamps', async () => {
  expect(await stampBy('plain', 'for-stamps')).toBe(true);
  expect(await stampBy('no-issuer-below')).toBe(true);
});

it('an issuer for web servers alone issues no stamps', async () => {
  expect(await stampBy('for-web-servers')).toBe('its signer leads to a root that you trust, and yet may not stamp');
});

it('an issuer that may have none below it has none below it', async () => {
  expect(await stampBy('no-issuer-below', 'plain')).toMatch(/leads to/);
});
