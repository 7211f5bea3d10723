import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BundleFacts } from '@styleflow/contracts';
import type { QueueConnection } from '@styleflow/queue';
import { until } from '@styleflow/testing';
import { redisFigures } from './redis-figures.js';
import { makeJob, openScoreLoad } from './score-load.js';

const WORKERS = [1, 2, 4, 8];
/** How many clips a worker with tensor batches of 8 holds at once. */
const CONCURRENCY = 24;
const CLIPS = 10_000;
const CLIPS_A_JOB = 100;
const BUNDLE: BundleFacts = {
  id: 'bench@000000000000',
  digest: '0'.repeat(64),
  variant: 'content',
  precision: 'fp32',
  trained: false,
  threshold: 0.2,
  calibration: { a: 1, b: 0 },
};

export interface Saturation {
  readonly workers: number;
  readonly clipsPerSecond: number;
  /** Share of one core that Redis used. */
  readonly redisBusy: number;
  /** What one Redis could serve with a core to itself: the measured rate divided by that share. */
  readonly redisLimitClipsPerSecond: number;
}

/**
 * Measures the queue alone, without pixels: how many clips a second one Redis can pass on, while clips are added and
 * scored at the same time.
 */
export async function benchRedisSaturation(say: (line: string) => void): Promise<readonly Saturation[]> {
  const points: Saturation[] = [];
  for (const workers of WORKERS) {
    const point = await measure(workers);
    points.push(point);
    say(
      `${workers} queue-only workers: ${point.clipsPerSecond.toFixed(0)} clips/s with Redis ${(point.redisBusy * 100).toFixed(0)} % busy; ` +
        `one Redis to itself: ${point.redisLimitClipsPerSecond.toFixed(0)} clips/s`,
    );
  }
  return points;
}

async function measure(count: number): Promise<Saturation> {
  const load = await openScoreLoad();
  const workers: ChildProcess[] = [];
  try {
    for (let n = 0; n < count; n++) workers.push(await startWorker(load.redis.url));
    const jobs = await Promise.all(Array.from({ length: CLIPS / CLIPS_A_JOB }, () => makeJob(load.connection, BUNDLE)));
    const before = await redisFigures(load.redis);
    const startedAt = performance.now();
    await Promise.all(jobs.map((job) => addClips(load.connection, job)));
    await until('every clip is counted', async () => (await load.countScored(jobs)) === CLIPS, { timeoutMs: 300_000 });
    const seconds = (performance.now() - startedAt) / 1000;
    const after = await redisFigures(load.redis);
    const redisBusy = (after.cpuSeconds - before.cpuSeconds) / seconds;
    const clipsPerSecond = CLIPS / seconds;
    return { workers: count, clipsPerSecond, redisBusy, redisLimitClipsPerSecond: clipsPerSecond / redisBusy };
  } finally {
    await Promise.all(workers.map(stopWorker));
    await load.close();
  }
}

async function addClips(
  { queue }: QueueConnection,
  job: Parameters<QueueConnection['records']['read']>[0],
): Promise<void> {
  for (let clip = 0; clip < CLIPS_A_JOB; clip++) {
    await queue.addScore({ v: 1, job, run: 1, track: 0, clip, keepCrops: false }, BUNDLE.digest, 5);
  }
}

async function startWorker(redisUrl: string): Promise<ChildProcess> {
  const worker = fork(fileURLToPath(new URL('./queue-only-main.js', import.meta.url)), [], { execArgv: [] });
  worker.send({ redisUrl, bundleDigest: BUNDLE.digest, concurrency: CONCURRENCY });
  await once(worker, 'message');
  return worker;
}

async function stopWorker(worker: ChildProcess): Promise<void> {
  const gone = once(worker, 'exit');
  worker.send('stop');
  await gone;
}
