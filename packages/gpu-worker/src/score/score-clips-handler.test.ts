import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BundleFacts, ClipScoreSchema, digest12, type JobId } from '@styleflow/contracts';
import { connectQueue, type QueueConnection } from '@styleflow/queue';
import { createLogger } from '@styleflow/runtime';
import { clipKey, clipScoreKey, clipsPrefix, type ObjectStore, openObjectStore } from '@styleflow/storage';
import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from '../env.js';
import { type GpuWorker, runGpuWorker } from '../run-gpu-worker.js';
import { scorePayload, startJob, storeClip } from '../test-jobs.js';

const logger = createLogger('gpu-worker-test', 'silent');

describe('the score stage', { timeout: 120_000 }, () => {
  let redis: RedisServer;
  let folder: string;
  let store: ObjectStore;
  let connection: QueueConnection;
  let worker: GpuWorker;
  let bundle: BundleFacts;

  beforeAll(async () => {
    redis = await startRedis();
    folder = await mkdtemp(join(tmpdir(), 'styleflow-gpu-worker-'));
    const settings = readEnv({
      STYLEFLOW_REDIS_URL: redis.url,
      STYLEFLOW_STORE: `file:${folder}`,
      STYLEFLOW_MAX_BATCH: '4',
      STYLEFLOW_BATCH_WAIT_MS: '300',
    });
    store = await openObjectStore(settings);
    connection = await connectQueue(settings, { logger });
    worker = await runGpuWorker(settings, logger);
    bundle = (await connection.announcements.bundles())[0] as BundleFacts;
  }, 120_000);
  afterAll(async () => {
    await worker?.stop();
    await connection?.close();
    await redis?.stop();
    await rm(folder, { recursive: true });
  });

  const enqueue = (job: JobId, clip: number, keepCrops = false) =>
    connection.queue.addScore(scorePayload(job, clip, keepCrops), bundle.digest, 5);
  const readScore = async (job: JobId, clip: number) => {
    const stored = await store.get(clipScoreKey(job, 1, 0, clip));
    return stored === null ? null : ClipScoreSchema.parse(JSON.parse(stored.toString()));
  };
  const countOf = async (job: JobId) => (await connection.records.read(job))?.progress.clipsScored;
  const hasPixels = async (job: JobId, clip: number) => (await store.head(clipKey(job, 1, 0, clip))) !== null;
  const untilCounted = (job: JobId, clips: number) =>
    until(`${clips} clips are counted`, async () => (await countOf(job)) === clips, { timeoutMs: 60_000 });
  const failuresOf = async (job: JobId) => (await connection.queue.childFailures({ job, run: 1 })).clips;

  it('announces the bundle, so that jobs can be fixed to it, and who serves it', async () => {
    expect(bundle).toMatchObject({ variant: 'style-content', trained: false });
    const [facts] = await connection.announcements.workers();
    expect(facts).toMatchObject({ kind: 'gpu-worker', provider: 'cpu', bundle: { id: bundle.id } });
    expect(facts).not.toHaveProperty('gpu');
  });

  it('scores clips of two jobs, counts them and deletes their pixels unless they are to be kept', async () => {
    const [one, two] = [await startJob(connection, bundle), await startJob(connection, bundle)];
    await Promise.all([storeClip(store, one, 0, 1), storeClip(store, one, 1, 2), storeClip(store, two, 0, 3)]);
    await Promise.all([enqueue(one, 0), enqueue(one, 1), enqueue(two, 0, true)]);
    await Promise.all([untilCounted(one, 2), untilCounted(two, 1)]);
    const scores = await Promise.all([readScore(one, 0), readScore(one, 1), readScore(two, 0)]);
    for (const score of scores) {
      expect(score).toMatchObject({ provider: 'cpu' });
      expect(score?.styleFlow).toHaveLength(31);
      expect(score?.attention).toHaveLength(16);
    }
    expect(new Set(scores.map((score) => score?.logit)).size).toBe(3);
    await until('the pixels are deleted', async () => !(await hasPixels(one, 0)) && !(await hasPixels(one, 1)));
    expect(await hasPixels(two, 0)).toBe(true);
  });

  it('fails the clip whose pixels are damaged, and no other of its batch', async () => {
    const job = await startJob(connection, bundle);
    await Promise.all([0, 1, 2].map((clip) => storeClip(store, job, clip, clip)));
    await store.put(clipKey(job, 1, 0, 3), Buffer.from('no pixels at all'), 'application/octet-stream');
    await Promise.all([0, 1, 2, 3].map((clip) => enqueue(job, clip)));
    await untilCounted(job, 4);
    const failures = await until('the failure is known', async () => {
      const found = await failuresOf(job);
      return found.length > 0 ? found : null;
    });
    expect(failures).toMatchObject([{ track: 0, clip: 3, error: { code: 'inference_failed', retryable: false } }]);
    const scores = await Promise.all([0, 1, 2, 3].map((clip) => readScore(job, clip)));
    expect(scores.map((score) => score !== null)).toEqual([true, true, true, false]);
  });

  it('scores a run that has ended elsewhere and for which its bundle is a shadow, then the pixels go', async () => {
    const job = await startJob(connection, { ...bundle, id: 'served@000000000000', digest: '0'.repeat(64) });
    const [run, shadow] = [{ job, run: 1 }, digest12(bundle.digest)];
    await Promise.all([0, 1].map((clip) => storeClip(store, job, clip, clip)));
    await connection.shadows.hold(run, [shadow], { forMs: 600_000, keepCrops: false });
    await connection.shadows.keepClips(run, 2);
    const verdict = { label: 'fake', score: 0.9, threshold: 0.5 } as const;
    await connection.records.end(run, { status: 'succeeded', verdict });
    await until('it is scored', async () => (await connection.shadows.scored(10)).length === 1, { timeoutMs: 60_000 });
    await until('the pixels are deleted', async () => !(await hasPixels(job, 0)) && !(await hasPixels(job, 1)));
    const keys = [0, 1].map((clip) => clipScoreKey(job, 1, 0, clip, shadow));
    for (const key of keys) expect(await store.head(key)).not.toBeNull();
    expect(await readScore(job, 0)).toBeNull();
  });

  it('does not score a clip again whose score is stored, but counts it and deletes its pixels', async () => {
    const job = await startJob(connection, bundle);
    await storeClip(store, job, 0, 1);
    const stored = { v: 1, logit: 123, batchSize: 7, provider: 'earlier' };
    await store.put(clipScoreKey(job, 1, 0, 0), JSON.stringify(stored), 'application/json');
    await enqueue(job, 0);
    await untilCounted(job, 1);
    expect(await readScore(job, 0)).toEqual(stored);
    await until('the pixels are deleted', async () => !(await hasPixels(job, 0)));
  });

  it('scores a clip again whose stored score cannot be read', async () => {
    const job = await startJob(connection, bundle);
    await storeClip(store, job, 0, 1);
    await store.put(clipScoreKey(job, 1, 0, 0), '{"v":1,"logit":', 'application/json');
    await enqueue(job, 0);
    await untilCounted(job, 1);
    expect(await readScore(job, 0)).toMatchObject({ v: 1, provider: 'cpu' });
  });

  it('fails a clip for good that has neither pixels nor a score', async () => {
    const job = await startJob(connection, bundle);
    await enqueue(job, 0);
    await untilCounted(job, 1);
    await until('the failure is known', async () => (await failuresOf(job)).length === 1);
    expect((await failuresOf(job))[0]?.error).toMatchObject({
      code: 'inference_failed',
      message: expect.stringContaining('neither pixels nor a score'),
    });
  });

  it('of several bundles stores its score by itself, and the last one counts the clip and deletes its pixels', async () => {
    const [own, other] = [bundle.digest.slice(0, 12), 'fedcba987654'];
    const job = await startJob(connection, bundle);
    await Promise.all([0, 1, 2].map((clip) => storeClip(store, job, clip, clip)));
    const scored = { v: 1, logit: 1, batchSize: 1, provider: 'cpu' };
    await store.put(clipScoreKey(job, 1, 0, 1, other), JSON.stringify(scored), 'application/json');
    const ask = (clip: number) =>
      connection.queue.addScore(
        { ...scorePayload(job, clip), v: 3, bundle: own, bundles: [own, other] },
        bundle.digest,
        5,
      );
    await ask(0);
    await ask(1);
    await untilCounted(job, 1);
    await until('the clip that all have scored has no pixels', async () => !(await hasPixels(job, 1)));
    await until('the first is scored', async () => (await store.head(clipScoreKey(job, 1, 0, 0, own))) !== null);
    expect(await readScore(job, 0)).toBeNull();
    expect(await hasPixels(job, 0)).toBe(true);
    // One that the job goes on without is not waited for.
    await connection.opinions.leaveOut({ job, run: 1 }, other);
    await ask(2);
    await untilCounted(job, 2);
    await until('its pixels are deleted', async () => !(await hasPixels(job, 2)));
  });

  it('scores the re-encodings of a clip by the same entry, counts it once and deletes all pixels, but kept ones', async () => {
    const job = await startJob(connection, bundle);
    const places = [undefined, 'h264', 'half'] as const;
    for (const clip of [0, 1]) {
      await Promise.all(places.map((variant, seed) => storeClip(store, job, clip, seed, variant)));
    }
    const ask = (clip: number, keepCrops: boolean) =>
      connection.queue.addScore(
        { ...scorePayload(job, clip, keepCrops), v: 4, variants: ['h264', 'half'] },
        bundle.digest,
        5,
      );
    await Promise.all([ask(0, false), ask(1, true)]);
    await untilCounted(job, 2);
    const logits = await Promise.all(
      places.map(async (variant) => {
        const stored = await store.get(clipScoreKey(job, 1, 0, 0, undefined, variant));
        return ClipScoreSchema.parse(JSON.parse(String(stored))).logit;
      }),
    );
    expect(new Set(logits).size).toBe(3);
    const left = async () => {
      const keys: string[] = [];
      for await (const { key } of store.list(clipsPrefix(job, 1))) keys.push(key);
      return keys;
    };
    await until('only the kept clip has pixels', async () => (await left()).join() === clipKey(job, 1, 0, 1));
  });

  it('leaves the clips of a canceled job alone', async () => {
    const [canceled, wanted] = [await startJob(connection, bundle), await startJob(connection, bundle)];
    await Promise.all([storeClip(store, canceled, 0, 1), storeClip(store, wanted, 0, 1)]);
    await connection.records.requestCancel(canceled);
    await enqueue(canceled, 0);
    await enqueue(wanted, 0);
    await untilCounted(wanted, 1);
    await until('nothing is active', async () => {
      const depths = await connection.queue.depths();
      return depths
        .filter(({ name }) => name.startsWith('score'))
        .every(({ active, waiting }) => active + waiting === 0);
    });
    expect(await readScore(canceled, 0)).toBeNull();
    expect(await countOf(canceled)).toBe(0);
    expect(await failuresOf(canceled)).toEqual([]);
  });

  it('keeps the loop that renews locks free while clips are decoded and scored', async () => {
    const job = await startJob(connection, bundle);
    await Promise.all([0, 1, 2, 3].map((clip) => storeClip(store, job, clip, clip)));
    const before = performance.eventLoopUtilization();
    await Promise.all([0, 1, 2, 3].map((clip) => enqueue(job, clip)));
    await untilCounted(job, 4);
    // Nearly all of this time is computing. If it happened on this loop, it would count as the loop's own.
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });
});
