import { entryId, type JobId, mintJobId, type WorkerFacts } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseApiKeys } from '../auth/api-keys.js';
import { type Answer, call } from '../test-calls.js';
import { addClips, failClips, SCORE_QUEUE } from '../test-entries.js';
import { fail, sha256, submit } from '../test-jobs.js';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';

const [ANNA, ROOT] = ['anna-key', 'root: key, with a colon'];
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const basic = (user: string, key: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}`,
});
const KEYS = parseApiKeys(
  `anna:user:sha256:${sha256(ANNA)},root:admin:sha256:${sha256(ROOT)},cli:admin:sha256:${sha256('cli')}`,
);

let server: TestServer;
let job: JobId;
const admin = (path: string, method = 'GET'): Promise<Answer> =>
  call(`${server.url}/v1/admin/queues${path}`, { method, headers: bearer('cli') });

beforeAll(async () => {
  server = await startTestServer({ keys: KEYS });
});
afterAll(() => server.stop());

describe('who may look into the queues', () => {
  const paths = ['', '/prepare/entries', '/prepare/entries/x', '/nowhere'];

  it('a call needs an admin key', async () => {
    for (const path of paths) {
      expect((await call(`${server.url}/v1/admin/queues${path}`)).status).toBe(401);
      const answer = await call(`${server.url}/v1/admin/queues${path}`, { headers: bearer(ANNA) });
      expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    for (const act of ['pause', 'resume']) {
      const address = `${server.url}/v1/admin/queues/prepare/${act}`;
      expect((await call(address, { method: 'POST' })).status).toBe(401);
      expect((await call(address, { method: 'POST', headers: bearer(ANNA) })).status).toBe(403);
      // Credentials that a browser sends by itself must not change anything, because any page can cause such a call.
      expect((await call(address, { method: 'POST', headers: basic('me', ROOT) })).status).toBe(401);
    }
    expect((await admin('')).status).toBe(200);
  });

  it('without keys everyone who reaches the API', async () => {
    const open = await startTestServer({}, { beside: server });
    try {
      expect((await call(`${open.url}/v1/admin/queues`)).status).toBe(200);
    } finally {
      await open.stop();
    }
  });
});

describe('an entry that an operator takes out', () => {
  const orphan = mintJobId();
  /** Puts an entry into `prepare` that this version would not make. */
  async function addEntry(id: string): Promise<string> {
    await server.redis.command('HSET', `{styleflow}:prepare:${id}`, 'data', 'garbage', 'name', 'x');
    await server.redis.command('LPUSH', '{styleflow}:prepare:wait', id);
    return id;
  }

  it('is gone when nobody needs it: not the product’s, or of a job that is over or not there', async () => {
    const over = await submit(server, {}, bearer(ANNA));
    const needless = entryId.prepare({ job: over, run: 1 });
    await fail(server, over, 'inference_failed');
    for (const id of [await addEntry('junk'), await addEntry(`${orphan}.1.prepare`), needless]) {
      expect((await admin(`/prepare/entries/${id}`, 'DELETE')).status).toBe(204);
      expect((await admin(`/prepare/entries/${id}`)).status).toBe(404);
      expect((await admin(`/prepare/entries/${id}`, 'DELETE')).status).toBe(404);
    }
  });

  it('stays while its job needs it, also when only a newer version knows its stage', async () => {
    const needed = await submit(server, {}, bearer(ANNA));
    const newer = await addEntry(`${needed}.1.audit`);
    for (const id of [entryId.prepare({ job: needed, run: 1 }), newer]) {
      expect(await admin(`/prepare/entries/${id}`, 'DELETE')).toMatchObject({
        status: 409,
        body: { code: 'conflict' },
      });
      expect((await admin(`/prepare/entries/${id}`)).status).toBe(200);
    }
    await fail(server, needed, 'inference_failed');
    expect((await admin(`/prepare/entries/${newer}`, 'DELETE')).status).toBe(204);
  });

  it('is looked at and taken out though its job has left nothing but objects', async () => {
    await server.store.put(`jobs/${orphan}/source`, 'film', 'video/mp4');
    const id = await addEntry(`${orphan}.2.prepare`);
    expect(await admin(`/prepare/entries/${id}`)).toMatchObject({ status: 200, body: { jobStatus: null } });
    expect((await admin(`/prepare/entries/${id}`, 'DELETE')).status).toBe(204);
  });
});

describe('the inspector', () => {
  const POISON = `<script>alert("x")</script> & co`;
  beforeEach(async () => {
    job = await submit(server, {}, bearer(ANNA));
  });

  it('lists the queues as /v1/system does, with their bundle and who works on them', async () => {
    await addClips(server, job, 1);
    const facts: WorkerFacts = {
      kind: 'gpu-worker',
      ...{ id: 'w1', version: '0.1.0', host: 'box', pid: 7, startedAt: '2026-01-02T03:04:05.678Z', health: 'busy' },
      card: { uuid: 'GPU-1', memoryBytes: 48 * 1024 ** 3, memoryUsedBytes: 12 * 1024 ** 3, utilization: 0.5 },
      ...{ gpu: 'NVIDIA RTX A6000', provider: 'cuda', slots: { score: { busy: 3, total: 12 } }, clipsPerSecond: 4.25 },
      bundle: { id: BUNDLE.id, digest: BUNDLE.digest, variant: BUNDLE.variant, trained: true, threshold: 0.2 },
      queue: SCORE_QUEUE,
    };
    await server.announcements.announce(facts);
    // Workers that start or drain are shown, but counted for no queue.
    const others: WorkerFacts[] = [
      { ...facts, id: 'w2', health: 'starting' },
      { ...facts, id: 'w3', health: 'draining' },
    ];
    for (const other of others) await server.announcements.announce(other);
    const { body: list } = await admin('');
    const { body: system } = await call(`${server.url}/v1/system`, { headers: bearer('cli') });
    const withoutAges = (queues: object[]) => queues.map((queue) => ({ ...queue, oldestSeconds: 0 }));
    expect(withoutAges(list.queues)).toEqual(withoutAges(system.queues));
    expect(list.queues.find(({ name }: { name: string }) => name === SCORE_QUEUE)).toMatchObject({
      ...{ waiting: 1, paused: false, bundle: BUNDLE.id, workers: 1 },
    });
    const byId = (one: WorkerFacts, two: WorkerFacts) => one.id.localeCompare(two.id);
    expect(system.workers.sort(byId)).toEqual([facts, ...others]);
    await server.announcements.withdraw('w1');
  });

  it('pages through entries, and names why one failed', async () => {
    await addClips(server, job, 5);
    await failClips(server, POISON);
    const first = await admin(`/${SCORE_QUEUE}/entries?limit=3`);
    const rest = await admin(`/${SCORE_QUEUE}/entries?limit=3&cursor=${encodeURIComponent(first.body.nextCursor)}`);
    const entries = [...first.body.entries, ...rest.body.entries].filter((entry) => entry.job === job);
    expect(entries.map(({ clip }) => clip).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(first.body.entries[0]).toMatchObject({
      ...{ state: 'failed', stage: 'score', error: { code: 'inference_failed', message: POISON } },
      links: {
        job: `/v1/jobs/${job}`,
        self: expect.stringContaining(`/v1/admin/queues/${SCORE_QUEUE}/entries/${job}.1.score.0.`),
      },
    });
    const details = await call(`${server.url}${first.body.entries[0].links.self}`, { headers: bearer('cli') });
    expect(details.body).toMatchObject({
      jobStatus: 'queued',
      payload: { v: 1, job },
      failures: [{ message: POISON }],
    });
    const parent = await call(`${server.url}${details.body.links.parent}`, { headers: bearer('cli') });
    expect(parent.body).toMatchObject({ stage: 'finish', children: { failed: 5, open: 1 } });
  });

  it('leads from an entry of a failed job to the call that runs the job again', async () => {
    const path = `/prepare/entries/${entryId.prepare({ job, run: 1 })}`;
    expect((await admin(path)).body.links).not.toHaveProperty('retry');
    await fail(server, job, 'inference_failed');
    const { body } = await admin(path);
    expect(body).toMatchObject({ jobStatus: 'failed', links: { retry: `/v1/jobs/${job}/retry` } });
    const retried = await call(`${server.url}${body.links.retry}`, { method: 'POST', headers: bearer('cli') });
    expect(retried.status).toBe(202);
  });

  it('answers what is wrong with a question', async () => {
    expect(await admin('/nowhere/entries')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await admin('/prepare/entries/nothing')).toMatchObject({ status: 404 });
    expect(await admin('/nowhere/pause', 'POST')).toMatchObject({ status: 404 });
    for (const query of ['state=sleeping', 'limit=201', 'limit=0', 'cursor=x', 'page=2']) {
      expect(await admin(`/prepare/entries?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    }
    expect(await admin('/prepare/pause')).toMatchObject({ status: 405 });
  });

  it('pauses a queue, shows it everywhere, and lets it go on', async () => {
    expect((await admin('/prepare/pause', 'POST')).body).toMatchObject({ name: 'prepare', paused: true });
    const { body: system } = await call(`${server.url}/v1/system`, { headers: bearer('cli') });
    expect(system.queues[0]).toMatchObject({ name: 'prepare', paused: true });
    expect((await call(`${server.url}/metrics`, { headers: bearer('cli') })).body).toContain(
      'styleflow_queue_paused{queue="prepare"} 1',
    );
    let prepared = 0;
    const worker = server.queue.workPrepare(
      async () => {
        prepared += 1;
      },
      { concurrency: 1 },
    );
    const waiting = async () => (await server.queue.depths())[0]?.waiting ?? 0;
    const before = await waiting();
    // A worker that looks for entries of the paused queue gets none, even one that is added just then.
    await submit(server, {}, bearer(ANNA));
    expect([await waiting(), prepared]).toEqual([before + 1, 0]);
    expect((await admin('/prepare/resume', 'POST')).body).toMatchObject({ paused: false });
    // The handler counts, because the last entry leaves the queue before its work begins.
    await until('all are prepared', () => prepared > before);
    expect([await waiting(), prepared]).toEqual([0, before + 1]);
    await worker.close(0);
    expect((await call(`${server.url}/metrics`, { headers: bearer('cli') })).body).toContain(
      'styleflow_queue_paused{queue="prepare"} 0',
    );
  });
});
