import { mintUploadId, type UploadParts, type UploadState } from '@styleflow/contracts';
import { sourceKey, uploadKey } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeys } from '../auth/api-keys.js';
import { call, postJson } from '../test-calls.js';
import { sha256, storedKeys, submit } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';

const KEYS = parseApiKeys(`anna:user:sha256:${sha256('anna-key')},bert:user:sha256:${sha256('bert-key')}`);
const ANNA = { Authorization: 'Bearer anna-key' };
const BERT = { Authorization: 'Bearer bert-key' };
/** Three parts of the test server's 1,000 bytes, the last of them shorter. */
const FILM = `${'a'.repeat(1_000)}${'b'.repeat(1_000)}end`;

let server: TestServer;
let uploads: string;
beforeAll(async () => {
  server = await startTestServer({ keys: KEYS, quota: { storedBytes: 20_000 } });
  uploads = `${server.url}/v1/uploads`;
});
afterAll(() => server.stop());

async function open(bytes = FILM.length): Promise<UploadState> {
  const { status, body } = await postJson(uploads, { bytes, parts: true }, ANNA);
  expect(status).toBe(201);
  return body;
}
const read = (id: string, headers = ANNA) => call(`${uploads}/${id}`, { headers });
const complete = (id: string) => call(`${uploads}/${id}/complete`, { method: 'POST', headers: ANNA });
const drop = (id: string) => call(`${uploads}/${id}`, { method: 'DELETE', headers: ANNA });

async function send(id: string, ...parts: number[]): Promise<void> {
  const page: UploadParts = (await call(`${uploads}/${id}/parts`, { headers: ANNA })).body;
  for (const { part, url, headers, bytes } of page.parts.filter((each) => parts.includes(each.part))) {
    const body = FILM.slice((part - 1) * 1_000, (part - 1) * 1_000 + bytes);
    expect((await call(url, { method: 'PUT', headers, body })).status).toBe(200);
  }
}

describe('an upload in parts', () => {
  it('says which parts are there, is joined once all are, and is then submitted like any other', async () => {
    const { uploadId, parts } = await open();
    expect(parts).toEqual({ count: 3, bytes: 1_000, stored: [] });
    await send(uploadId, 3, 1);
    expect((await read(uploadId)).body).toMatchObject({
      ...{ uploadId, status: 'open', bytes: FILM.length },
      parts: {
        count: 3,
        stored: [
          [1, 1],
          [3, 3],
        ],
      },
    });
    expect(await complete(uploadId)).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: '1 parts are not there yet: 2.' },
    });
    const source = { type: 'upload', uploadId };
    expect(await postJson(`${server.url}/v1/jobs`, { source }, ANNA)).toMatchObject({ status: 410 });
    await send(uploadId, 2);
    const whole = { uploadId, status: 'stored', parts: { stored: [[1, 3]] } };
    expect(await complete(uploadId)).toMatchObject({ status: 200, body: whole });
    expect(await complete(uploadId)).toMatchObject({ status: 200, body: whole });
    expect(await storedKeys(server, 'parts/')).toEqual([]);
    const job = await submit(server, { source }, ANNA);
    expect((await server.store.get(sourceKey(job)))?.toString()).toBe(FILM);
    expect(await server.store.head(uploadKey('anna', uploadId))).toBeNull();
    expect(await read(uploadId)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await call(`${server.url}/v1/jobs/${job}`, { method: 'DELETE', headers: ANNA })).status).toBe(204);
  });

  it('is joined once by calls that come together', async () => {
    const { uploadId } = await open();
    await send(uploadId, 1, 2, 3);
    const answers = await Promise.all([complete(uploadId), complete(uploadId), complete(uploadId)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await server.store.get(uploadKey('anna', uploadId)))?.toString()).toBe(FILM);
    await drop(uploadId);
  });

  it('gives its addresses in pages', async () => {
    const { uploadId } = await open();
    const page = async (query: string): Promise<UploadParts> =>
      (await call(`${uploads}/${uploadId}/parts${query}`, { headers: ANNA })).body;
    const first = await page('?limit=2');
    expect(first.parts.map(({ part, bytes }) => [part, bytes])).toEqual([
      [1, 1_000],
      [2, 1_000],
    ]);
    expect(first.nextFrom).toBe(3);
    const last = await page(`?limit=2&from=${first.nextFrom}`);
    expect([last.parts.map(({ part, bytes }) => [part, bytes]), last.nextFrom]).toEqual([[[3, 3]], null]);
    await drop(uploadId);
  });

  it('leaves nothing when it is given up, and its bytes count no more', async () => {
    const { uploadId } = await open(15_000);
    expect(await postJson(uploads, { bytes: 15_000, parts: true }, ANNA)).toMatchObject({ status: 429 });
    expect(await storedKeys(server, 'parts/')).toHaveLength(1);
    expect((await drop(uploadId)).status).toBe(204);
    expect((await drop(uploadId)).status).toBe(404);
    expect(await storedKeys(server, 'parts/')).toEqual([]);
    await drop((await open(15_000)).uploadId);
  });

  it('is refused without its length and beyond the limit, and is its owner’s alone', async () => {
    expect(await postJson(uploads, { parts: true }, ANNA)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'bytes' }] },
    });
    expect(await postJson(uploads, { bytes: 10_000_001, parts: true }, ANNA)).toMatchObject({ status: 413 });
    const { uploadId } = await open();
    for (const id of [uploadId, mintUploadId(), 'upl_x']) {
      expect(await read(id, id === uploadId ? BERT : ANNA)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    const whole = (await postJson(uploads, { bytes: 4 }, ANNA)).body.uploadId;
    expect(await complete(whole)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    await drop(uploadId);
  });
});

describe('an upload that waits', () => {
  it('is kept for long beyond its address, and longer when it is renewed', async () => {
    const { body } = await postJson(uploads, { bytes: 4 }, ANNA);
    expect(Date.parse(body.keptUntil) - Date.parse(body.expiresAt)).toBeGreaterThan(80_000_000);
    const { claims } = server.connection;
    const uploadId = mintUploadId();
    await claims.openUpload({ uploadId, owner: 'anna', bytes: 4, expiresInSeconds: 60 });
    const before = (await read(uploadId)).body;
    expect(before).toMatchObject({ status: 'open', bytes: 4 });
    const renewed = await call(`${uploads}/${uploadId}/renew`, { method: 'POST', headers: ANNA });
    expect(renewed.status).toBe(200);
    expect(Date.parse(renewed.body.keptUntil) - Date.parse(before.keptUntil)).toBeGreaterThan(80_000_000);
    await call(body.url, { method: 'PUT', body: 'film' });
    expect((await read(body.uploadId)).body).toMatchObject({ status: 'stored', bytes: 4 });
    const others = await call(`${uploads}/${uploadId}/renew`, { method: 'POST', headers: BERT });
    expect(others).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
