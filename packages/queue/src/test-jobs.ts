import { createHash } from 'node:crypto';
import { type JobOptions, type JobRun, mintJobId, type PreparePayload, type ScorePayload } from '@styleflow/contracts';
import { createLogger } from '@styleflow/runtime';
import type { RedisServer } from '@styleflow/testing';
import { connectQueue, type QueueConnection } from './connect-queue.js';
import type { BundleFacts, NewJob } from './job-records.js';
import type { RecordArchive } from './record-archive.js';

/** Jobs, payloads and connections for this package's tests. */

const OPTIONS: JobOptions = {
  maxFrames: 110,
  sampling: 'head',
  faces: 'all',
  priority: 5,
  keepCrops: false,
};

/** A bundle of the test's own, so that its score queue is fresh. */
export function someBundle(name: string = mintJobId()): BundleFacts {
  const digest = createHash('sha256').update(name).digest('hex');
  return {
    id: `${name}@${digest.slice(0, 12)}`,
    digest,
    variant: 'style-content',
    precision: 'fp32',
    trained: true,
    threshold: 0.2,
    calibration: { a: 1, b: 0 },
  };
}

export function someJob(changes: Partial<NewJob> = {}): NewJob {
  return {
    id: mintJobId(),
    owner: 'local',
    source: { type: 'url', url: 'https://example.org/video.mp4' },
    options: OPTIONS,
    bundle: someBundle('some'),
    metadata: { ticket: 7 },
    ...changes,
  };
}

export const firstRun = (job: { readonly id: NewJob['id'] }): JobRun => ({ job: job.id, run: 1 });

export function somePrepare(run: JobRun, changes: Partial<PreparePayload> = {}): PreparePayload {
  const { id, digest } = someBundle('some');
  const source = { type: 'url', url: 'https://example.org/video.mp4' } as const;
  return { v: 1, ...run, source, options: OPTIONS, bundle: { id, digest }, ...changes };
}

export const someScore = (run: JobRun, track: number, clip: number): ScorePayload => ({
  v: 1,
  ...run,
  track,
  clip,
  keepCrops: false,
});

export const quietLogger = createLogger('queue-test', 'silent');

/**
 * A connection to the test's server; `url` may name a link in front of it. `lockDurationMs`: only for tests that wait for a
 * takeover, since a busy machine may fail to renew a short lock in time, which starts the entry anew.
 */
export function connectTest(
  server: RedisServer,
  options: { url?: string; maxQueued?: number; lockDurationMs?: number; archive?: RecordArchive } = {},
): Promise<QueueConnection> {
  const { url = server.url, maxQueued = 1_000, lockDurationMs = 30_000, ...archive } = options;
  return connectQueue(
    { STYLEFLOW_REDIS_URL: url, STYLEFLOW_MAX_QUEUED_JOBS: maxQueued, STYLEFLOW_LOCK_SECONDS: 30 },
    { logger: quietLogger, lockDurationMs, ...archive },
  );
}
