import type {
  BundleFacts,
  ErrorCode,
  Job,
  JobId,
  JobOptions,
  JobStatus,
  Progress,
  Source,
  Verdict,
  WebhookTarget,
} from '@styleflow/contracts';
import type { SealedSecrets } from './secret-vault.js';

/**
 * The job's record, which holds small facts only. Redis keeps it until a while after the job's end, then the archive
 * does.
 */
export interface JobRecord {
  readonly id: JobId;
  /** Name of the API key that submitted the job; `local` without authentication. */
  readonly owner: string;
  readonly run: number;
  readonly status: JobStatus;
  readonly progress: Progress;
  /** As everybody may see it. */
  readonly source: Source;
  /** The whole source, with its secrets, was given to the vault under the name `source`. */
  readonly isSourceSealed: boolean;
  readonly options: JobOptions;
  readonly bundle: BundleFacts;
  /** All that judge a job with `options.bundles`; the first of them is `bundle`. */
  readonly bundles?: readonly BundleFacts[];
  /** Those of them that this run goes on without, by the first 12 hex digits of their digests: nobody serves them. */
  readonly leftOut?: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /**
   * The earlier jobs of the same video, the one that this one scores again first, then the one that it scored again, and so on: what
   * they kept is used as long as it lies there.
   */
  readonly rescoreOf?: readonly JobId[];
  readonly batch?: string;
  /** Told of the end of each run. */
  readonly webhook?: WebhookTarget;
  /** Which item of the batch it is, from 0. */
  readonly item?: number;
  /** ISO 8601 in UTC with milliseconds, by the clock of Redis, as all times here. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** How often `prepare` was started, over all runs. */
  readonly attempts: number;
  readonly cancelRequested: boolean;
  /** It has no entries yet: its owner's window of single jobs is full (`SingleJobs`). */
  readonly isWaiting: boolean;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
  readonly verdict?: Verdict;
  /** SHA-256 of `result.json` as it was written: what may be signed. Absent of jobs that an older version ended. */
  readonly resultSha256?: string;
  /** Grows with every change. It is the ETag. */
  readonly revision: number;
}

/** What the indexes know of a job whose archived record is damaged. */
export interface JobStanding {
  readonly id: JobId;
  readonly run: number;
  readonly status: JobStatus;
  readonly finishedAt: string | null;
}

export interface NewJob {
  readonly id: JobId;
  readonly owner: string;
  /** As everybody may see it. */
  readonly source: Source;
  /** What must not stand in the record: it goes into the vault in the same step (see `sealSource`). */
  readonly secrets?: SealedSecrets;
  /** The source of an earlier job, whose secrets lie, or lay, with that one. */
  readonly isSourceSealed?: boolean;
  readonly options: JobOptions;
  readonly bundle: BundleFacts;
  readonly bundles?: readonly BundleFacts[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly rescoreOf?: readonly JobId[];
  readonly batch?: string;
  /** Told of the end of each run; what is sealed of it is among the secrets (see `sealWebhook`). */
  readonly webhook?: WebhookTarget;
  /** Which item of the batch it is: such a job is not refused where the queue is full, and counts for its batch. */
  readonly item?: number;
  /** What is stored for it already, and the upload that it was before; counted among what its owner has stored. */
  readonly stored?: { readonly bytes: number; readonly uploadId?: string };
  /** Limits of its owner alone; absent: none. */
  readonly quota?: { readonly unfinishedJobs?: number | undefined; readonly storedBytes?: number | undefined };
  /** A key claimed before: it is settled in the same step, so that no crash can leave the job without its claim. */
  readonly idempotencyKey?: string;
}

export type Ending =
  | {
      readonly status: 'succeeded';
      readonly verdict: Verdict;
      /** For the row of a batch. */
      readonly faces?: number;
      readonly clips?: number;
      readonly resultSha256?: string;
    }
  | { readonly status: 'failed'; readonly error: { readonly code: ErrorCode; readonly message: string } }
  | { readonly status: 'canceled' };

export interface JobEvent {
  /** The id in the Redis stream, which is the event stream's `Last-Event-ID`. */
  readonly id: string;
  /** `status`: `{status, run, attempts, cancelRequested, at, error?}`; `progress`: a Progress; `result`: `{verdict}`. */
  readonly type: 'status' | 'progress' | 'result';
  readonly data: Job | Progress | Readonly<Record<string, unknown>>;
}
