import { bringBackBatch } from '@styleflow/batches';
import { BatchSchema, itemJobId, mintBatchId } from '@styleflow/contracts';
import { uploadKey } from '@styleflow/storage';
import { describe, expect, it } from 'vitest';
import { call, postJson } from '../test-calls.js';
import { storedKeys, URL_SOURCE } from '../test-jobs.js';
import { BUNDLE } from '../test-server.js';
import { ANNA, type BatchFixture, BERT, CSV, lines, MANIFEST, useBatches } from './test-batches.js';

let server: BatchFixture['server'];
let at: BatchFixture['at'];
let post: BatchFixture['post'];
let get: BatchFixture['get'];
let runningBatch: BatchFixture['runningBatch'];
useBatches((fixture) => {
  ({ server, at, post, get, runningBatch } = fixture);
});

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
