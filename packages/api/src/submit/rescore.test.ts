import { randomBytes } from 'node:crypto';
import { mintJobId } from '@styleflow/contracts';
import { sourceKey } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseApiKeys } from '../auth/api-keys.js';
import { type Answer, call, postJson } from '../test-calls.js';
import { fail, recordOf, sha256, submit, succeed, URL_SOURCE } from '../test-jobs.js';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';

const KEYS = parseApiKeys(`anna:user:sha256:${sha256('anna-key')},bert:admin:sha256:${sha256('bert-key')}`);
const ANNA = { Authorization: 'Bearer anna-key' };
const BERT = { Authorization: 'Bearer bert-key' };
const NEW = { ...BUNDLE, id: 'new@fedcba987654', digest: `fedcba987654${'0'.repeat(52)}` };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ keys: KEYS }, { secretKey: randomBytes(32).toString('base64') });
  await server.announcements.recallBundle(NEW);
});
afterAll(() => server.stop());

const rescore = (job: string, changes: object = {}, headers: Record<string, string> = ANNA): Promise<Answer> =>
  postJson(`${server.url}/v1/jobs`, { source: { type: 'job', job }, ...changes }, headers);

async function sendFilm(): Promise<string> {
  const form = new FormData();
  form.append('video', new Blob(['film']), 'my film.mp4');
  return (await call(`${server.url}/v1/jobs`, { method: 'POST', body: form, headers: ANNA })).body.id;
}

describe('an ended job that is scored again', () => {
  it('becomes another job of the same video, by the same options, and stays as it was', async () => {
    const options = { maxFrames: 64, faces: 'primary', priority: 9, keepCrops: true };
    const id = await submit(server, { options, metadata: { ticket: 7 } }, ANNA);
    await succeed(server, id);
    const before = await call(`${server.url}/v1/jobs/${id}`, { headers: ANNA });
    const answer = await rescore(id, { options: { bundle: NEW.id, detection: 'dense' }, metadata: { round: 2 } });
    expect(answer).toMatchObject({
      status: 202,
      body: {
        ...{ rescoreOf: id, source: URL_SOURCE, status: 'queued', metadata: { ticket: 7, round: 2 } },
        options: {
          ...{ bundle: NEW.id, maxFrames: 64, faces: 'primary', detection: 'dense' },
          ...{ priority: 5, keepCrops: false, preview: false },
        },
      },
    });
    expect(await recordOf(server, answer.body.id)).toMatchObject({ rescoreOf: [id], bundle: NEW });
    expect((await call(`${server.url}/v1/jobs/${id}`, { headers: ANNA })).body).toEqual(before.body);
    await fail(server, answer.body.id, 'inference_failed');
    const again = await rescore(answer.body.id);
    expect((await recordOf(server, again.body.id)).rescoreOf).toEqual([answer.body.id, id]);
  });

  it('is one job, however often the same request is repeated under its key', async () => {
    const id = await submit(server, {}, ANNA);
    await succeed(server, id);
    const headers = { ...ANNA, 'Idempotency-Key': 'again' };
    const [first, second] = [await rescore(id, {}, headers), await rescore(id, {}, headers)];
    expect(second.body.id).toBe(first.body.id);
  });

  it('of another owner is answered like one that never was, also to an admin', async () => {
    const id = await submit(server, {}, ANNA);
    await succeed(server, id);
    const never = mintJobId();
    const [others, unknown] = [await rescore(id, {}, BERT), await rescore(never, {}, BERT)];
    expect(others).toMatchObject({ status: 404, body: { code: 'not_found', detail: `There is no job ${id}.` } });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'not_found', detail: `There is no job ${never}.` } });
  });

  it('that has not ended is refused, and so is one whose video went', async () => {
    const id = await sendFilm();
    expect(await rescore(id)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await succeed(server, id as never);
    expect((await rescore(id)).status).toBe(202);
    await server.store.delete([sourceKey(id)]);
    expect(await rescore(id)).toMatchObject({ status: 410, body: { code: 'gone' } });
  });

  it('tells none of the credentials of its address, and needs them, or a copy', async () => {
    const id = await submit(server, { source: { type: 'url', url: 'https://a.example.org/v.mp4?sig=1' } }, ANNA);
    await succeed(server, id);
    expect(await rescore(id)).toMatchObject({ status: 410, body: { code: 'gone' } });
    await server.store.put(sourceKey(id), 'film', 'video/mp4');
    const answer = await rescore(id);
    expect(answer.body.source).toEqual({ type: 'url', url: 'https://a.example.org/v.mp4?...' });
    expect((await recordOf(server, answer.body.id)).isSourceSealed).toBe(true);
  });

  it('is judged among the rows of a manifest before any job is made', async () => {
    const id = await submit(server, {}, ANNA);
    await succeed(server, id);
    const items = [{ source: `job:${id}` }, { source: `job:${mintJobId()}` }, { source: { type: 'job', job: id } }];
    const body = { manifest: { items }, skipInvalid: true };
    const answer = await postJson(`${server.url}/v1/batches?dryRun=true`, body, ANNA);
    expect(answer.body).toMatchObject({
      ...{ accepted: true, items: 2, faults: { count: 1, listed: [{ line: 2, column: 'source' }] } },
    });
    expect((await postJson(`${server.url}/v1/batches?dryRun=true`, body, BERT)).body.faults.count).toBe(3);
  });
});
