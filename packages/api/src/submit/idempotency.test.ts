import { mintJobId } from '@styleflow/contracts';
import { uploadKey } from '@styleflow/storage';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, postJson } from '../test-calls.js';
import { storedKeys, submit, URL_SOURCE } from '../test-jobs.js';
import { startTestServer, type TestServer } from '../test-server.js';
import { fingerprint } from './fingerprint.js';

let server: TestServer;
let jobs: string;

beforeAll(async () => {
  server = await startTestServer();
  jobs = `${server.url}/v1/jobs`;
});
afterAll(() => server.stop());

const submitForm = (form: FormData, headers: Record<string, string> = {}) =>
  call(jobs, { method: 'POST', body: form, headers });
const videoPart = (bytes: Uint8Array | string) => new Blob([bytes], { type: 'video/mp4' });

describe('an idempotency key', () => {
  it('answers the first job again, and refuses another request', async () => {
    const headers = { 'Idempotency-Key': mintJobId() };
    const body = { source: URL_SOURCE, metadata: { a: 1, b: 2 } };
    const first = await postJson(jobs, body, headers);
    const again = await postJson(
      jobs,
      { metadata: { b: 2, a: 1 }, options: { maxFrames: 110 }, source: URL_SOURCE },
      headers,
    );
    expect(again.status).toBe(202);
    expect(again.body.id).toBe(first.body.id);
    const other = await postJson(jobs, { ...body, metadata: { a: 2 } }, headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
  });

  it('knows a film by its bytes, and keeps only one copy', async () => {
    const headers = { 'Idempotency-Key': mintJobId() };
    const form = (film: string) => {
      const made = new FormData();
      made.append('video', videoPart(film), 'a.mp4');
      return made;
    };
    const countFilms = async () => (await storedKeys(server, 'jobs/')).filter((key) => key.endsWith('/source')).length;
    const before = await countFilms();
    const first = await submitForm(form('the film'), headers);
    const again = await submitForm(form('the film'), headers);
    expect(again.body.id).toBe(first.body.id);
    expect(await countFilms()).toBe(before + 1);
    const other = await submitForm(form('another film'), headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_conflict' } });
    expect(await countFilms()).toBe(before + 1);
  });

  it('completes a job that a crash left without its flow', async () => {
    const key = mintJobId();
    const id = await submit(server, {}, { 'Idempotency-Key': key });
    await server.queue.dropWaitingPrepare({ job: id, run: 1 });
    await until('the flow is gone', () => server.queue.removeEntries({ job: id, run: 1 }));
    expect(await server.queue.flowState({ job: id, run: 1 })).toBe('absent');
    expect(await submit(server, {}, { 'Idempotency-Key': key })).toBe(id);
    expect(await server.queue.flowState({ job: id, run: 1 })).toBe('live');
  });

  it('answers 409 while the first request is on its way', async () => {
    const key = mintJobId();
    const options = {
      maxFrames: 110,
      sampling: 'head',
      faces: 'all',
      detection: 'adaptive',
      priority: 5,
      keepCrops: false,
      keepSource: false,
    };
    const [job, print] = [mintJobId(), fingerprint({ source: URL_SOURCE, options, metadata: {} })];
    await server.claims.claimIdempotency({ owner: 'local', key, holder: 'first' }, print, job);
    const answer = await postJson(jobs, { source: URL_SOURCE }, { 'Idempotency-Key': key });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict', job } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(5);
  });

  it('is free again after a refused submission', async () => {
    const key = mintJobId();
    const uploadId = (await call(`${server.url}/v1/uploads`, { method: 'POST' })).body.uploadId;
    const body = { source: { type: 'upload', uploadId } };
    expect((await postJson(jobs, body, { 'Idempotency-Key': key })).status).toBe(410);
    await server.store.put(uploadKey('local', uploadId), 'film', 'video/mp4');
    expect((await postJson(jobs, body, { 'Idempotency-Key': key })).status).toBe(202);
  });

  it('is refused when it is not visible ASCII', async () => {
    const answer = await postJson(jobs, { source: URL_SOURCE }, { 'Idempotency-Key': 'a b' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('makes one job of ten requests at once', async () => {
    const key = mintJobId();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => postJson(jobs, { source: URL_SOURCE }, { 'Idempotency-Key': key })),
    );
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted.length).toBeGreaterThan(0);
    expect(new Set(accepted.map(({ body }) => body.id)).size).toBe(1);
    for (const { status, body } of answers) if (status !== 202) expect(body.code).toBe('conflict');
  });
});
