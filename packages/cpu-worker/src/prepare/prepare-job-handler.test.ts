import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { faceNetsDirectory } from '@styleflow/bundles';
import { JobError, type JobOptions, type PreparePayload, type ScorePayload } from '@styleflow/contracts';
import { type JobChanges, preparePayloadOf, type SharedClock } from '@styleflow/queue';
import { Slots } from '@styleflow/runtime';
import { clipKey, clipScoreKey, clipsPrefix, preparedKey, sourceKey } from '@styleflow/storage';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchLimits, prepareLimits } from '../env.js';
import { SlowFetches } from '../fetch/slow-fetches.js';
import { openSourceFetcher, type SourceFetcher } from '../fetch/source-fetcher.js';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { DecodePlaces } from './decode-places.js';
import { prepareJobHandler } from './prepare-job-handler.js';
import type { ThreadStart } from './prepare-messages.js';
import { openPrepareThreads, type PrepareThreads } from './prepare-threads.js';
import { openScratch, type Scratch } from './scratch.js';

let system: TestSystem;
let threads: PrepareThreads;
let fetcher: SourceFetcher;
let scratch: Scratch;
let start: ThreadStart;

beforeAll(async () => {
  system = await startTestSystem();
  scratch = await openScratch(join(system.folder, 'scratch'), quietLogger);
  const nets = faceNetsDirectory();
  start = {
    store: system.env,
    detector: { fullRange: join(nets, 'full-range.onnx'), faceMesh: join(nets, 'face-mesh.onnx') },
    limits: prepareLimits(system.env),
  };
  threads = await openPrepareThreads(start, quietLogger);
  fetcher = await openSourceFetcher(
    { store: system.env, limits: fetchLimits(system.env) },
    { vault: system.vault, records: system.records, store: system.store, logger: quietLogger },
  );
});
afterAll(async () => {
  await threads.close();
  await fetcher.close();
  await scratch.close();
  await system.stop();
});

const noChanges: JobChanges = {
  waitForChange: async () => null,
  waitForEnd: async () => null,
  waiters: 0,
  close: async () => {},
};

/** A job with its video, and its prepare, to be run as often as a test likes; `added` are the clips given to the queue. */
async function jobOf(video: string, options: Partial<JobOptions> = {}) {
  const { id, options: parsed, bundle } = await system.createJob(options);
  await system.store.putStream(sourceKey(id), createReadStream(video), { contentType: 'video/mp4' });
  const payload: PreparePayload = { v: 2, job: id, run: 1, options: parsed, bundle };
  const added: ScorePayload[] = [];
  const prepare = (
    changes: {
      addScore?: (score: ScorePayload) => Promise<void>;
      threads?: PrepareThreads;
      signal?: AbortSignal;
      maxJobMs?: number;
      clock?: SharedClock;
      againAt?: number;
    } = {},
  ): Promise<void> => {
    const addScore = changes.addScore ?? (async (score: ScorePayload) => void added.push(score));
    const handler = prepareJobHandler({
      ...{ records: system.records, store: system.store, scratch, logger: quietLogger, changes: noChanges },
      queue: { ...system.queue, addScore },
      threads: changes.threads ?? threads,
      ...{ fetcher, turns: { take: async () => ({ connect: async () => {}, release: async () => {} }) } },
      fetches: new SlowFetches({ atOnce: 1, most: 1, resize: () => {}, slots: new Slots() }),
      decodePlaces: new DecodePlaces(1),
      preprocessing: { adaptive: '', dense: '' },
      clock: changes.clock ?? system.clock,
      maxJobMs: changes.maxJobMs ?? 3_600_000,
      hold: async () => async () => false,
    });
    const { againAt } = changes;
    const signal = changes.signal ?? new AbortController().signal;
    return handler({
      payload: { ...payload, ...(againAt && { again: 1, againAt }) },
      number: 1,
      finalError: () => null,
      wasStalled: false,
      signal,
    });
  };
  return { job: id, run: { job: id, run: 1 }, added, prepare };
}

async function pixelKeys(job: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of system.store.list(clipsPrefix(job, 1))) keys.push(key);
  return keys;
}

describe('prepareJobHandler', () => {
  it('goes on after it was killed between two clips, and leaves alone what has a score', async () => {
    const { job, run, added, prepare } = await jobOf(await makeVideo({ frames: 100 }));
    const killedAtSecond = async (score: ScorePayload): Promise<void> => {
      if (score.clip === 1) throw new JobError('queue_unavailable', 'killed here');
    };
    await expect(prepare({ addScore: killedAtSecond })).rejects.toMatchObject({ code: 'queue_unavailable' });
    expect(await system.store.head(preparedKey(job, 1))).toBeNull();
    // The first clip is scored and its pixels are gone before the second start.
    const score = { v: 1, logit: 0, batchSize: 1, provider: 'cpu' };
    await system.store.put(clipScoreKey(job, 1, 0, 0), JSON.stringify(score), 'application/json');
    await system.store.delete([clipKey(job, 1, 0, 0)]);
    await prepare();
    expect(added.map(({ clip }) => clip)).toEqual([1, 2]);
    expect(await pixelKeys(job)).toEqual([clipKey(job, 1, 0, 1), clipKey(job, 1, 0, 2)]);
    const record = await system.records.read(job);
    expect(record).toMatchObject({ status: 'scoring', attempts: 2, progress: { clipsPlanned: 3, clipsScored: 1 } });
    expect(await system.records.countClip(run, 0, 0)).toBe(1);
  });

  it('only completes the queue when its account is stored already: no source is needed any more', async () => {
    const { job, added, prepare } = await jobOf(await makeVideo({ frames: 64 }));
    await prepare();
    const account = await system.store.get(preparedKey(job, 1));
    await system.store.delete([sourceKey(job)]);
    await prepare();
    expect(added.map(({ clip }) => clip)).toEqual([0, 1, 0, 1]);
    expect(await system.store.get(preparedKey(job, 1))).toEqual(account);
  });

  it('stores mild re-encodings beside each clip, the same in each attempt, and has its entry score them, too', async () => {
    const { job, added, prepare } = await jobOf(await makeVideo({ frames: 32 }), { stability: true });
    await prepare();
    expect(added.map(({ v, clip, variants }) => [v, clip, variants])).toEqual([[4, 0, ['h264', 'half']]]);
    const keys = [undefined, 'h264', 'half'].map((each) => clipKey(job, 1, 0, 0, each));
    expect(await pixelKeys(job)).toEqual(keys);
    const stored = await Promise.all(keys.map(async (key) => String(await system.store.get(key))));
    expect(new Set(stored).size).toBe(keys.length);
    // Killed when the clip as it was cut alone had its score: its re-encodings are made again.
    const score = { v: 1, logit: 0, batchSize: 1, provider: 'cpu' };
    await system.store.put(clipScoreKey(job, 1, 0, 0), JSON.stringify(score), 'application/json');
    await system.store.delete([preparedKey(job, 1), ...keys]);
    await prepare();
    expect(added.map(({ clip }) => clip)).toEqual([0, 0]);
    expect(await Promise.all(keys.map(async (key) => String(await system.store.get(key))))).toEqual(stored);
  });

  it('lets go at once when its attempt is taken away, and leaves the thread free for the next', async () => {
    const { job, prepare } = await jobOf(await makeVideo({ frames: 900 }), { maxFrames: 0 });
    const abort = new AbortController();
    const lost = new JobError('internal', 'The lock of this entry was lost.');
    const addScore = async (): Promise<void> => abort.abort(lost);
    await expect(prepare({ signal: abort.signal, addScore })).rejects.toBe(lost);
    expect(await system.store.head(preparedKey(job, 1))).toBeNull();
    expect(await readdir(scratch.folder)).toEqual([]);
    const next = await jobOf(await makeVideo({ frames: 32 }));
    await next.prepare();
    expect(next.added).toHaveLength(1);
  });

  it('ends for good with its reason when all attempts together take too long, also while one runs', async () => {
    const { job, prepare } = await jobOf(await makeVideo({ frames: 900 }), { maxFrames: 0 });
    const overdue = { code: 'decode_timeout', retryable: false, message: expect.stringContaining('MAX_JOB_HOURS') };
    await expect(prepare({ maxJobMs: 1_500 })).rejects.toMatchObject(overdue);
    await expect(prepare({ maxJobMs: 1_500 })).rejects.toMatchObject(overdue);
    expect(await system.store.head(preparedKey(job, 1))).toBeNull();
    expect(await readdir(scratch.folder)).toEqual([]);
  });

  it('has its time once more when damaged objects have it prepared again', async () => {
    const { job, prepare } = await jobOf(await makeVideo({ frames: 32 }));
    await prepare();
    await system.store.delete([preparedKey(job, 1)]);
    const later = Date.parse((await system.records.read(job))?.startedAt ?? '') + 7_200_000;
    const clock = { now: async () => later, read: async () => later };
    await expect(prepare({ clock })).rejects.toMatchObject({ code: 'decode_timeout' });
    await expect(prepare({ clock, againAt: later - 3_600_000 })).rejects.toMatchObject({ code: 'decode_timeout' });
    await prepare({ clock, againAt: later - 60_000 });
    expect(await system.store.head(preparedKey(job, 1))).not.toBeNull();
  });

  it('does nothing for a run that was canceled before', async () => {
    const { job, prepare } = await jobOf(await makeVideo({ frames: 32 }));
    await system.records.requestCancel(job);
    await prepare();
    expect(await pixelKeys(job)).toEqual([]);
  });

  it('takes the entry of a clip out again that it added just after its job was canceled', async () => {
    const { run, prepare } = await jobOf(await makeVideo({ frames: 64 }));
    const record = await system.records.read(run.job);
    if (record === null) throw new Error('there is no record');
    await system.queue.addFlow(preparePayloadOf(record));
    const addScore = async (score: ScorePayload): Promise<void> => {
      await system.records.requestCancel(run.job);
      await system.queue.dropWaiting(run);
      await system.queue.addScore(score, system.bundleDigest, 5);
    };
    const worker = system.queue.workPrepare(() => prepare({ addScore }), { concurrency: 1 });
    // Nobody scores: `finish` comes only when no child of it waits any more.
    await until('finish can start', async () => {
      const depths = await system.queue.depths();
      return depths.some(({ name, waiting }) => name === 'finish' && waiting === 1);
    });
    await worker.close(0);
  });

  it('takes the crash of its thread for a fault to be tried again, and lends a fresh thread afterwards', async () => {
    const crashing = await openPrepareThreads(start, quietLogger, new URL('./crashing-thread.js', import.meta.url));
    const { prepare } = await jobOf(await makeVideo({ frames: 32 }));
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await expect(prepare({ threads: crashing })).rejects.toMatchObject({ code: 'internal', retryable: true });
    }
    expect(await readdir(scratch.folder)).toEqual([]);
    await crashing.close();
  });
});
