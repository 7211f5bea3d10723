import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { bringBackBatch, writePart } from '@styleflow/batches';
import { type BatchId, BatchSchema, itemJobId, mintBatchId, printResultCursor } from '@styleflow/contracts';
import { uploadKey } from '@styleflow/storage';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, postJson } from '../test-calls.js';
import { storedKeys, URL_SOURCE } from '../test-jobs.js';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';

const key = (name: string) => ({
  name,
  role: 'user' as const,
  sha256: createHash('sha256').update(`${name}-key`).digest(),
});
const ANNA = { Authorization: 'Bearer anna-key' };
const BERT = { Authorization: 'Bearer bert-key' };
const CSV = { 'Content-Type': 'text/csv', ...ANNA };
const MANIFEST = 'source,id\nhttps://example.org/a.mp4,a\nhttps://example.org/b.mp4,=b\n';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ keys: [key('anna'), key('bert')] });
});
afterAll(() => server.stop());

const at = (path: string): string => `${server.url}/v1/batches${path}`;
const post = (body: string, headers: Record<string, string> = CSV, query = '') =>
  call(at(query), { method: 'POST', headers, body });
const get = (path: string, headers: Record<string, string> = ANNA) => call(at(path), { headers });

/** A batch as a worker has accepted it, with so many items, of which `ended` have ended; every tenth has failed. */
async function runningBatch(items: number, ended: number): Promise<BatchId> {
  const { body } = await post(MANIFEST);
  const id: BatchId = body.id;
  const all = Array.from({ length: items }, (_, index) => ({
    ...{ index, line: index + 2, id: index === 1 ? '=b' : `item ${index}`, source: URL_SOURCE, options: {} },
    ...{ labels: { truth_label: 'fake' }, metadata: { shelf: index } },
  }));
  for (let part = 0; part * 1_000 < items; part += 1) {
    await writePart(server.store, id, 'items', part, all.slice(part * 1_000, (part + 1) * 1_000));
  }
  await server.batches.accept(id, items);
  for (let index = 0; index < ended; index += 1) await endItem(id, index);
  return id;
}
async function endItem(batch: BatchId, item: number): Promise<void> {
  const id = itemJobId(batch, item);
  const options = { maxFrames: 110, sampling: 'head', faces: 'all', priority: 5, keepCrops: false } as const;
  await server.records.create({
    id,
    owner: 'anna',
    source: URL_SOURCE,
    options,
    bundle: BUNDLE,
    metadata: {},
    batch,
    item,
  });
  await server.records.beginPrepare({ job: id, run: 1 });
  const verdict = { label: 'fake', score: 0.75, threshold: 0.2 } as const;
  const error = { code: 'media_corrupt', message: 'broken' } as const;
  const ending =
    item % 10 === 9
      ? { status: 'failed' as const, error }
      : { status: 'succeeded' as const, verdict, faces: 1, clips: 3 };
  await server.records.end({ job: id, run: 1 }, ending);
}
const lines = (body: string) =>
  body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('a batch is submitted', () => {
  it.each([
    ['CSV', CSV, MANIFEST],
    ['NDJSON', { ...CSV, 'Content-Type': 'application/x-ndjson' }, '{"source":"https://example.org/a.mp4"}\n'],
    [
      'JSON',
      { ...CSV, 'Content-Type': 'application/json' },
      JSON.stringify({ manifest: { items: [{ source: 'x' }] } }),
    ],
  ])('as %s, and answered at once', async (_what, headers, body) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/batches/${answer.body.id}`);
    expect(BatchSchema.parse(answer.body)).toMatchObject({ status: 'validating', counts: { total: 0 }, eta: null });
    expect(await storedKeys(server, `batches/${answer.body.id}/`)).toEqual([
      `batches/${answer.body.id}/batch.json`,
      `batches/${answer.body.id}/manifest`,
    ]);
    expect((await get(`/${answer.body.id}`)).body).toMatchObject({ id: answer.body.id });
  });

  it('by an upload, which becomes the batch’s own', async () => {
    const { body: upload } = await postJson(`${server.url}/v1/uploads`, {}, ANNA);
    await server.store.put(uploadKey('anna', upload.uploadId), MANIFEST, 'text/csv');
    const answer = await postJson(at(''), { manifest: { uploadId: upload.uploadId } }, ANNA);
    expect(answer.status).toBe(202);
    expect(await server.store.head(uploadKey('anna', upload.uploadId))).toBeNull();
    const again = await postJson(at(''), { manifest: { uploadId: upload.uploadId } }, ANNA);
    expect(again).toMatchObject({ status: 410, body: { code: 'upload_expired' } });
    expect(await postJson(at(''), { manifest: { uploadId: upload.uploadId } }, BERT)).toMatchObject({ status: 410 });
  });

  it('once, however often it is sent with the same key', async () => {
    const keyed = { ...CSV, 'Idempotency-Key': 'night-1' };
    const first = await post(MANIFEST, keyed);
    const second = await post(MANIFEST, keyed);
    expect([second.status, second.body.id]).toEqual([202, first.body.id]);
    expect(await post(`${MANIFEST}x\n`, keyed)).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
    const job = await postJson(
      `${server.url}/v1/jobs`,
      { source: URL_SOURCE },
      { ...ANNA, 'Idempotency-Key': 'night-1' },
    );
    expect(job.status).toBe(422);
  });

  it.each([
    ['an unknown type', { ...CSV, 'Content-Type': 'text/plain' }, MANIFEST, '', 415],
    ['nothing in it', CSV, '', '', 400],
    [
      'a field that nobody knows',
      { ...CSV, 'Content-Type': 'application/json' },
      '{"manifest":{"items":[{}]},"x":1}',
      '',
      400,
    ],
    ['no rows', { ...CSV, 'Content-Type': 'application/json' }, '{"manifest":{"items":[]}}', '', 400],
    ['options that nobody knows', CSV, MANIFEST, '?options={"speed":1}', 400],
    ['options that are no JSON', CSV, MANIFEST, '?options=fast', 400],
    ['a bundle that nobody knows', CSV, MANIFEST, '?options={"bundle":"x"}', 422],
    ['a query that nobody knows', CSV, MANIFEST, '?dry=true', 400],
  ])('not with %s, and leaves nothing', async (_what, headers, body, query, status) => {
    const before = (await storedKeys(server, 'batches/')).length;
    expect((await post(body, headers, query)).status).toBe(status);
    expect((await storedKeys(server, 'batches/')).length).toBe(before);
  });
});

describe('a dry run', () => {
  it('tells faults and an estimate, and creates nothing', async () => {
    const before = (await storedKeys(server, 'batches/')).length;
    const { body, status } = await post(`${MANIFEST}nowhere,c\n`, CSV, '?dryRun=true');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      accepted: false,
      items: 2,
      estimate: null,
      faults: { count: 1, listed: [{ line: 4, column: 'source' }] },
    });
    const skipping = await post(`${MANIFEST}nowhere,c\n`, CSV, '?dryRun=true&skipInvalid=true');
    expect(skipping.body).toMatchObject({ accepted: true, estimate: { clips: { from: 2, to: 12 }, hours: null } });
    expect((await storedKeys(server, 'batches/')).length).toBe(before);
  });
});

describe('a batch that Redis has forgotten', () => {
  it('is said to be coming back, to its owner alone, and is there again once a worker has told Redis', async () => {
    const { body } = await post(MANIFEST);
    await server.redis.command('FLUSHALL');
    await server.announcements.rememberBundle(BUNDLE);
    await server.lostBatches.noteSearched();
    expect(await get(`/${body.id}`, BERT)).toMatchObject({ status: 404 });
    const answer = await get(`/${body.id}`);
    expect(answer).toMatchObject({ status: 503, body: { code: 'queue_unavailable' } });
    expect(answer.body.detail).toContain('had forgotten');
    expect(await server.lostBatches.isSearched()).toBe(false);
    expect(await bringBackBatch({ ...server, vault: server.connection.vault }, body.id)).toBe('validating');
    expect((await get(`/${body.id}`)).body).toMatchObject({ id: body.id, status: 'validating' });
    // One that never was is not there.
    expect(await get(`/${mintBatchId()}`)).toMatchObject({ status: 404 });
  });
});

describe('a batch of another key', () => {
  it('is not there, whatever is asked of it', async () => {
    const { body } = await post(MANIFEST);
    for (const path of ['', '/results', '/errors']) expect((await get(`/${body.id}${path}`, BERT)).status).toBe(404);
    for (const path of ['/cancel', '/retry']) {
      expect((await call(at(`/${body.id}${path}`), { method: 'POST', headers: BERT })).status).toBe(404);
    }
    expect((await call(at(`/${body.id}`), { method: 'DELETE', headers: BERT })).status).toBe(404);
    expect((await get('', BERT)).body.batches).toEqual([]);
    expect((await get('?limit=1')).body).toMatchObject({
      batches: [{ id: expect.any(String) }],
      nextCursor: expect.any(String),
    });
    for (const id of ['bat_1', mintBatchId()]) expect((await get(`/${id}`)).status).toBe(404);
  });
});

describe('results', () => {
  it('come in the order of the manifest up to the first unfinished item, and go on from the cursor', async () => {
    const id = await runningBatch(15, 10);
    await endItem(id, 11);
    const first = await get(`/${id}/results`);
    const rows = lines(first.body);
    expect(rows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(rows[0]).toEqual({
      ...{ index: 0, id: 'item 0', source: URL_SOURCE.url, status: 'succeeded', verdict_label: 'fake', score: 0.75 },
      ...{ threshold: 0.2, reason: null, error_code: null, faces: 1, clips: 3, truth_label: 'fake', group: null },
      ...{ job: itemJobId(id, 0), metadata: { shelf: 0 } },
    });
    expect(rows[9]).toMatchObject({ status: 'failed', error_code: 'media_corrupt', score: null });
    const cursor = first.headers.get('styleflow-next-cursor') ?? '';
    await endItem(id, 10);
    const second = await get(`/${id}/results?cursor=${cursor}`);
    expect(lines(second.body).map(({ index }) => index)).toEqual([10, 11]);
    for (const item of [12, 13, 14]) await endItem(id, item);
    const last = await get(`/${id}/results?cursor=${second.headers.get('styleflow-next-cursor')}`);
    expect([lines(last.body).length, last.headers.get('styleflow-next-cursor')]).toEqual([3, null]);
  });

  it('come as CSV by Accept or format, with one header over all pages, and for spreadsheets without formulas', async () => {
    const id = await runningBatch(3, 2);
    const plain = await get(`/${id}/results`, { ...ANNA, Accept: 'text/csv' });
    expect(plain.headers.get('content-type')).toContain('text/csv');
    const [header, , second] = plain.body.split('\r\n');
    expect(header).toBe(
      'id,source,status,verdict_label,score,threshold,reason,error_code,faces,clips,truth_label,group,job',
    );
    expect(second).toBe(`=b,${URL_SOURCE.url},succeeded,fake,0.75,0.2,,,1,3,fake,,${itemJobId(id, 1)}`);
    await endItem(id, 2);
    const rest = await get(`/${id}/results?format=csv&cursor=${plain.headers.get('styleflow-next-cursor')}`);
    expect(rest.body).toMatch(/^item 2,/);
    const raw = await fetch(at(`/${id}/results?format=csv&excel=true`), { headers: ANNA });
    const bytes = Buffer.from(await raw.arrayBuffer());
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect(bytes.toString()).toContain(`\r\n'=b,`);
  });

  it('are told apart from those that a cursor cannot mean', async () => {
    const id = await runningBatch(2, 2);
    const ask = (cursor: string) => get(`/${id}/results?cursor=${cursor}`);
    expect(await ask('x')).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    const foreign = printResultCursor({ batch: mintBatchId(), round: 1, index: 0 });
    expect((await ask(foreign)).body.detail).toContain('belongs to');
    expect((await ask(printResultCursor({ batch: id, round: 1, index: 3 }))).status).toBe(400);
    expect((await get(`/${id}/results?excel=true`)).status).toBe(400);
  });

  it('of an earlier round have an expired cursor', async () => {
    const id = await runningBatch(10, 10);
    expect((await call(at(`/${id}/retry`), { method: 'POST', headers: ANNA })).status).toBe(202);
    const old = printResultCursor({ batch: id, round: 1, index: 5 });
    expect(await get(`/${id}/results?cursor=${old}`)).toMatchObject({ status: 410, body: { code: 'gone' } });
    expect((await call(at(`/${id}/retry`), { method: 'POST', headers: ANNA })).status).toBe(409);
  });

  it('are followed until the last item has ended', async () => {
    const id = await runningBatch(3, 1);
    const response = await fetch(at(`/${id}/results?follow=true`), { headers: ANNA });
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    })();
    await until('the first has come', () => lines(text).length === 1);
    await endItem(id, 1);
    await until('the second has come', () => lines(text).length === 2);
    await endItem(id, 2);
    await reading;
    expect(lines(text).map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('are gone while their batch is deleted, and not there afterwards', async () => {
    const id = await runningBatch(2, 2);
    expect((await call(at(`/${id}`), { method: 'DELETE', headers: ANNA })).status).toBe(204);
    for (const path of ['', '/results', '/errors']) expect(await get(`/${id}${path}`)).toMatchObject({ status: 410 });
    expect((await get('')).body.batches.map((batch: { id: string }) => batch.id)).not.toContain(id);
    await server.batches.forget(id, 1);
    expect((await get(`/${id}/results`)).status).toBe(404);
  });

  it('are not held for a reader who does not read', async () => {
    const id = await runningBatch(100, 100);
    const long = 'x'.repeat(60_000);
    const items = Array.from({ length: 100 }, (_, index) => ({
      ...{
        index,
        line: index + 2,
        id: `item ${index}`,
        source: URL_SOURCE,
        options: {},
        labels: {},
        metadata: { long },
      },
    }));
    await writePart(server.store, id, 'items', 0, items);
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`GET /v1/batches/${id}/results HTTP/1.1\r\nHost: a\r\nAuthorization: ${ANNA.Authorization}\r\n\r\n`);
    socket.pause();
    const whole = await get(`/${id}/results`);
    expect(lines(whole.body)).toHaveLength(100);
    // 6 MB are to be read; the kernel takes a few, and nothing is written beyond what it takes.
    expect(socket.bytesRead).toBeLessThan(1_000_000);
    socket.destroy();
  });
});

describe('the error file', () => {
  it('has faults of the manifest first, then the items that failed', async () => {
    const id = await runningBatch(20, 20);
    expect((await get(`/${id}`)).body).toMatchObject({
      status: 'ended',
      errors: { media_corrupt: 2 },
      links: { retry: expect.any(String) },
    });
    const rows = lines((await get(`/${id}/errors`)).body);
    expect(rows).toMatchObject([
      { kind: 'item', id: 'item 9', error_code: 'media_corrupt', line: 11, job: itemJobId(id, 9) },
      { kind: 'item', id: 'item 19' },
    ]);
    const refused = (await post(MANIFEST)).body.id;
    await writePart(server.store, refused, 'faults', 0, [{ line: 3, column: 'source', message: 'missing' }]);
    await server.batches.noteRead(refused, { rowsRead: 2, faults: 1 });
    await server.batches.refuse(refused);
    expect(lines((await get(`/${refused}/errors`)).body)).toMatchObject([
      { kind: 'fault', line: 3, message: 'missing' },
    ]);
    expect((await get(`/${refused}`)).body).toMatchObject({
      status: 'refused',
      faults: { count: 1, listed: [{ line: 3 }] },
    });
  });
});

describe('the jobs of a batch', () => {
  it('are listed newest first, those that are archived too, and stay ordinary jobs', async () => {
    const id = await runningBatch(25, 25);
    for (let index = 0; index < 25; index += 1) await server.connection.endedJobs.archive(itemJobId(id, index));
    const seen: number[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await call(`${server.url}/v1/jobs?batch=${id}&limit=10${cursor}`, { headers: ANNA });
      seen.push(...body.jobs.map((job: { metadata: object; id: string }) => job.id));
      if (body.nextCursor === null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => itemJobId(id, 24 - index)));
    const failed = await call(`${server.url}/v1/jobs?batch=${id}&status=failed`, { headers: ANNA });
    expect(failed.body.jobs).toHaveLength(2);
    expect((await call(`${server.url}/v1/jobs/${itemJobId(id, 3)}`, { headers: ANNA })).body).toMatchObject({
      batch: id,
    });
    expect((await call(`${server.url}/v1/jobs?batch=${id}`, { headers: BERT })).body.jobs).toEqual([]);
  });
});

describe('a batch that is over', () => {
  it('is canceled no more; one that runs is, as often as it is asked', async () => {
    const over = await runningBatch(1, 1);
    const cancel = (id: string) => call(at(`/${id}/cancel`), { method: 'POST', headers: ANNA });
    expect(await cancel(over)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const running = await runningBatch(5, 2);
    for (let time = 0; time < 2; time += 1) {
      expect(await cancel(running)).toMatchObject({
        status: 202,
        body: { status: 'canceled', counts: { canceled: 3 } },
      });
    }
    expect(lines((await get(`/${running}/results`)).body).map(({ status, job }) => [status, job === null])).toEqual([
      ['succeeded', false],
      ['succeeded', false],
      ['canceled', true],
      ['canceled', true],
      ['canceled', true],
    ]);
  });
});
