import { createHash } from 'node:crypto';
import {
  type BundleFacts,
  type JobOptions,
  type JobRun,
  mintJobId,
  type PreparePayload,
  type ScorePayload,
} from '@styleflow/contracts';
import type { NewJob } from './ports/job-record.js';
import type { IdempotencyClaim, SubmissionClaims } from './ports/submission-claims.js';

/** Jobs and payloads for this package's tests. */

const OPTIONS: JobOptions = {
  maxFrames: 110,
  sampling: 'head',
  faces: 'all',
  detection: 'adaptive',
  priority: 5,
  keepCrops: false,
  keepSource: false,
};

/** A bundle of the test's own, so that its score queue is new. */
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
  return { v: 2, ...run, options: OPTIONS, bundle: { id, digest }, ...changes };
}

export const someScore = (run: JobRun, track: number, clip: number): ScorePayload => ({
  v: 1,
  ...run,
  track,
  clip,
  keepCrops: false,
});

/** A claim of an idempotency key by a request of its own. */
export function claimKey(
  claims: SubmissionClaims,
  owner: string,
  key: string,
  print: string,
  { job = mintJobId(), holder = mintJobId() as string } = {},
): Promise<IdempotencyClaim> {
  return claims.claimIdempotency({ owner, key, holder }, print, job);
}
