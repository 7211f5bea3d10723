import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CustodyEntry, type JobId, PublicJwksSchema } from '@styleflow/contracts';
import { NO_TRUST, parseSigningKeys, type SigningKeys, verifyPackage } from '@styleflow/evidence';
import { custodyKey, resultKey, signatureKey, sourceKey } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeys } from '../auth/api-keys.js';
import { call } from '../test-calls.js';
import { fail, sha256, submit, succeed } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

const pem = () => String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
const [ANNA, BERT] = ['anna-key-of-this-test', 'bert-admin-key-of-this-test'];
const AS_ANNA = { headers: { Authorization: `Bearer ${ANNA}` } };
const AS_BERT = { headers: { Authorization: `Bearer ${BERT}` } };

let server: TestServer;
let signingKeys: SigningKeys;
let folder: string;
const at = (id: string, rest: string): string => `${server.url}/v1/jobs/${id}${rest}`;

beforeAll(async () => {
  signingKeys = parseSigningKeys(pem());
  const keys = parseApiKeys(`anna:user:sha256:${sha256(ANNA)},bert:admin:sha256:${sha256(BERT)}`);
  server = await startTestServer({ keys, signingKeys });
  folder = await mkdtemp(join(tmpdir(), 'styleflow-evidence-'));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function done(): Promise<JobId> {
  const id = await submit(server, {}, AS_ANNA.headers);
  await succeed(server, id);
  return id;
}

async function packageOf(id: JobId, query = ''): Promise<string> {
  const answer = await fetch(at(id, `/evidence.zip${query}`), AS_ANNA);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
  const path = join(folder, `${id}.zip`);
  await writeFile(path, Buffer.from(await answer.arrayBuffer()));
  return path;
}

const eventsOf = (entries: readonly CustodyEntry[]) => entries.map(({ event, by }) => `${event} ${by}`);

describe('the signature of a result', () => {
  it('is verified by Node’s crypto alone, over the bytes as they are, with the published key', async () => {
    const id = await done();
    const jws = (await call(at(id, '/result.jws'), AS_ANNA)).body as string;
    const result = Buffer.from(await (await fetch(at(id, '/result'), AS_ANNA)).arrayBuffer());
    const { keys } = PublicJwksSchema.parse((await call(`${server.url}/.well-known/jwks.json`)).body);
    const [head = '', , signature = ''] = jws.split('.');
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
    const jwk = keys.find((key) => key.kid === kid);
    if (jwk === undefined) throw new Error('the key is not published');
    const signed = Buffer.concat([Buffer.from(`${head}.`), result]);
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    expect(verify(null, signed, key, Buffer.from(signature, 'base64url'))).toBe(true);
    signed[signed.length - 1] = 0;
    expect(verify(null, signed, key, Buffer.from(signature, 'base64url'))).toBe(false);
  });

  it('is made once: later calls answer the same', async () => {
    const id = await done();
    const [first, second] = [await call(at(id, '/result.jws'), AS_ANNA), await call(at(id, '/result.jws'), AS_ANNA)];
    expect(second.body).toBe(first.body);
  });

  it('is not made over a result that is not what the analysis wrote', async () => {
    const id = await done();
    await server.store.put(resultKey(id), '{"verdict":"forged"}', 'application/json');
    expect(await call(at(id, '/result.jws'), AS_ANNA)).toMatchObject({ status: 410, body: { code: 'gone' } });
    expect(await server.store.head(signatureKey(id))).toBeNull();
  });

  it('is refused before the end, for a failed job, and to another owner', async () => {
    const open = await submit(server, {}, AS_ANNA.headers);
    const failed = await submit(server, {}, AS_ANNA.headers);
    await fail(server, failed, 'media_corrupt');
    for (const id of [open, failed]) {
      for (const rest of ['/result.jws', '/evidence.zip']) {
        expect(await call(at(id, rest), AS_ANNA)).toMatchObject({ status: 409, body: { code: 'conflict' } });
      }
    }
    const ofBert = await submit(server, {}, AS_BERT.headers);
    for (const rest of ['/result.jws', '/evidence.zip', '/custody']) {
      expect((await call(at(ofBert, rest), AS_ANNA)).status).toBe(404);
    }
  });
});

describe('the evidence package of a job', () => {
  it('is verified offline, and its log tells this very access', async () => {
    const id = await done();
    const { status, faults, custody, checked } = await verifyPackage(await packageOf(id), {
      keys: signingKeys.published,
      fingerprints: [],
    });
    expect(faults).toEqual([]);
    expect(status).toBe('trusted');
    expect(checked).toEqual(
      expect.arrayContaining(['README.txt', 'result.json', 'result.jws', 'report.html', 'strips/0.0.png', 'jwks.json']),
    );
    const log = (await call(at(id, '/custody'), AS_ANNA)).body;
    expect(eventsOf(log.entries)).toEqual([
      'submitted anna',
      'preparing null',
      'succeeded null',
      'signed null',
      'evidence_read anna',
    ]);
    expect(log.head).toBe(custody?.head);
  });

  it('holds the video when it is asked for and still kept', async () => {
    const id = await done();
    expect(await call(at(id, '/evidence.zip?video=true'), AS_ANNA)).toMatchObject({ status: 410 });
    await server.store.put(sourceKey(id), 'a video', 'video/mp4');
    const { faults } = await verifyPackage(await packageOf(id, '?video=true'), NO_TRUST);
    // The result of this test is about another one.
    expect(faults).toEqual([{ name: 'video', says: 'it is not the video that the result is about' }]);
  });

  it('says so where the system signs nothing', async () => {
    const plain = await startTestServer({}, { beside: server });
    const id = await submit(plain);
    await succeed(plain, id);
    expect(await call(`${plain.url}/v1/jobs/${id}/result.jws`)).toMatchObject({ status: 404 });
    const answer = await fetch(`${plain.url}/v1/jobs/${id}/evidence.zip`);
    const path = join(folder, 'plain.zip');
    await writeFile(path, Buffer.from(await answer.arrayBuffer()));
    expect((await verifyPackage(path, NO_TRUST)).status).toBe('unsigned');
    await plain.stop();
  });
});

describe('the custody log of a job', () => {
  it('tells who canceled and who fetched, in one order, when many ask at once', async () => {
    const id = await done();
    await Promise.all(Array.from({ length: 8 }, () => call(at(id, '/result.jws'), AS_BERT)));
    const { entries } = (await call(at(id, '/custody'), AS_ANNA)).body as { entries: CustodyEntry[] };
    expect(entries.map(({ n }) => n)).toEqual(entries.map((_, index) => index + 1));
    expect(eventsOf(entries).filter((text) => text === 'signature_read bert')).toHaveLength(8);
    const other = await submit(server, {}, AS_ANNA.headers);
    await call(at(other, '/cancel'), { method: 'POST', ...AS_BERT });
    expect(eventsOf((await call(at(other, '/custody'), AS_ANNA)).body.entries)).toContain('cancel_requested bert');
  });

  it('moves to the store and comes back with the next entry', async () => {
    const id = await done();
    await call(at(id, '/result.jws'), AS_ANNA);
    const before = (await call(at(id, '/custody'), AS_ANNA)).body;
    const { custodyLogs, endedJobs } = server.connection;
    expect(await custodyLogs.unkeptBefore(Date.now() + 60_000, 1_000)).toContain(id);
    expect(await endedJobs.archive(id)).toBe(true);
    expect(await custodyLogs.archive(id)).toBe(true);
    expect(await server.store.head(custodyKey(id))).not.toBeNull();
    expect((await call(at(id, '/custody'), AS_ANNA)).body).toEqual(before);
    await call(at(id, '/result.jws'), AS_ANNA);
    const { entries } = (await call(at(id, '/custody'), AS_ANNA)).body;
    expect(entries.slice(0, -1)).toEqual(before.entries);
    expect(entries).toHaveLength(before.entries.length + 1);
  });

  it('goes with its job', async () => {
    const id = await done();
    await call(at(id, '/result.jws'), AS_ANNA);
    await call(at(id, ''), { method: 'DELETE', ...AS_ANNA });
    expect((await call(at(id, '/custody'), AS_ANNA)).status).toBeGreaterThanOrEqual(404);
    expect(await server.connection.custodyLogs.unkeptBefore(Date.now() + 60_000, 1_000)).not.toContain(id);
  });
});
