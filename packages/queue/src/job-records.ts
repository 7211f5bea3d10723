import type {
  ErrorCode,
  Job,
  JobId,
  JobOptions,
  JobRun,
  JobStatus,
  Progress,
  Source,
  Verdict,
  WorkerFacts,
} from '@styleflow/contracts';

/** The job's record: small facts only. Redis keeps it until a while after the job's end, then the archive does. */
export interface JobRecord {
  readonly id: JobId;
  /** Name of the API key that submitted it; `local` without authentication. */
  readonly owner: string;
  readonly run: number;
  readonly status: JobStatus;
  readonly progress: Progress;
  readonly source: Source;
  readonly options: JobOptions;
  readonly bundle: BundleFacts;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly batch?: string;
  /** ISO 8601, UTC, milliseconds, by the clock of Redis; so are the other times. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Starts of `prepare`, over all runs. */
  readonly attempts: number;
  readonly cancelRequested: boolean;
  readonly error?: { readonly code: ErrorCode; readonly message: string };
  readonly verdict?: Verdict;
  /** Counts every change: the ETag. */
  readonly revision: number;
}

/** The bundle a job is fixed to. `threshold`, `trained` and calibration are facts of that digest, kept so that `finish` needs no bundle file. */
export interface BundleFacts {
  readonly id: string;
  readonly digest: string;
  readonly variant: 'content' | 'style-content' | 'custom';
  readonly precision: 'fp32' | 'fp16';
  readonly trained: boolean;
  readonly threshold: number;
  readonly calibration: { readonly a: number; readonly b: number };
}

export interface NewJob {
  readonly id: JobId;
  readonly owner: string;
  readonly source: Source;
  readonly options: JobOptions;
  readonly bundle: BundleFacts;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly batch?: string;
  /** A key claimed before: it is settled in the same step, so that no crash can leave the job without its claim. */
  readonly idempotencyKey?: string;
}

export type Ending =
  | { readonly status: 'succeeded'; readonly verdict: Verdict }
  | { readonly status: 'failed'; readonly error: { readonly code: ErrorCode; readonly message: string } }
  | { readonly status: 'canceled' };

export interface JobEvent {
  /** Redis stream id; `Last-Event-ID` of the event stream. */
  readonly id: string;
  /** `status`: `{status, run, attempts, cancelRequested, at, error?}`; `progress`: a Progress; `result`: `{verdict}`. */
  readonly type: 'status' | 'progress' | 'result';
  readonly data: Job | Progress | Readonly<Record<string, unknown>>;
}

/** What a claim of an idempotency key found. */
export type IdempotencyClaim =
  | { readonly outcome: 'mine' }
  | { readonly outcome: 'same'; readonly job: JobId }
  | { readonly outcome: 'in_flight' }
  | { readonly outcome: 'other_request' };

/**
 * The records of all jobs.
 *
 * Promises: every change is one atomic script; a write names its run and changes nothing when the job has ended, was
 * deleted, or has moved to another run (it then answers false); `end` succeeds for exactly one caller per run; progress
 * never falls; each change bumps the revision, appends to the job's capped event stream (all but the creation) and is
 * published once.
 * An outage is JobError `queue_unavailable`, or `storage_unavailable` where a record lies in the archive.
 */
export interface JobRecords {
  /**
   * Status `queued`, run 1. Repeated with the same id it changes nothing and answers the record as it stands.
   * @throws JobError `queue_full` beyond the limit of unfinished jobs; `gone` when the id was buried.
   */
  create(job: NewJob): Promise<JobRecord>;
  read(id: JobId): Promise<JobRecord | null>;
  /** In the order of the ids; unknown ones, and archived ones that cannot be read, are left out. */
  readMany(ids: readonly JobId[]): Promise<JobRecord[]>;
  /** Counts an attempt; `queued` turns `preparing` (`scoring` stays). Answers the record, or null when the run is not wanted. */
  beginPrepare(run: JobRun): Promise<JobRecord | null>;
  /** Decoding has ended and clips wait for scores: the frames decoded become the total. False when the run is not wanted. */
  beginScoring(run: JobRun): Promise<boolean>;
  /** Counts are totals so far, not steps: they only grow, also when a stage starts anew. False when the run is not wanted (a cheap sign to stop). */
  reportProgress(
    run: JobRun,
    progress: { framesDecoded?: number; framesTotal?: number | null; clipsPlanned?: number },
  ): Promise<boolean>;
  /** Idempotent per clip; answers how many different clips of the run are scored or given up. Counts nothing once the run has ended. */
  countClip(run: JobRun, track: number, clip: number): Promise<number>;
  /**
   * The one decision of a run: true for exactly one caller. A cancel wish does not stand in its way: who ends a run reads it before.
   * Also notes the run for `pendingCleanups`.
   * @throws JobError `internal` for a move that no job may make (`queued` to `succeeded`).
   */
  end(run: JobRun, ending: Ending): Promise<boolean>;
  /** Marks the wish unless the job has ended; null when unknown, the record as it then stands otherwise. */
  requestCancel(id: JobId): Promise<JobRecord | null>;
  /** A failed job becomes `queued` with the next run number; null when it is not failed. */
  startRetry(id: JobId): Promise<JobRecord | null>;
  /** True while the run may work: exists, not ended, not canceled, this run. */
  isWanted(run: JobRun): Promise<boolean>;
  /** Removes the record, its indexes and its idempotency claim and leaves a tombstone for 24 h. Waiters of an unfinished job see `canceled`. */
  bury(id: JobId): Promise<void>;
  isBuried(id: JobId): Promise<boolean>;
  buriedIds(): Promise<JobId[]>;
  /** Newest first (by id, which has no ties); the cursor is opaque. @throws JobError `invalid_request` for a cursor that is none. */
  list(query: {
    owner?: string;
    status?: JobStatus;
    batch?: string;
    limit: number;
    cursor?: string;
  }): Promise<{ jobs: JobRecord[]; nextCursor: string | null }>;
  /** Of one owner, or of all. */
  countUnfinished(owner?: string): Promise<number>;
  /** What all unfinished jobs run, oldest first, page by page of 200. */
  unfinished(): AsyncIterable<readonly JobRun[]>;
  /** Ended before `before` and not before `from` (ms since the epoch), oldest first. */
  endedBefore(before: number, limit: number, from?: number): Promise<JobId[]>;
  /** Ended before `before` (ms since the epoch) and still whole in Redis, oldest first. */
  unarchivedBefore(before: number, limit: number): Promise<JobId[]>;
  /**
   * Moves the record of an ended job from Redis to the archive; every call here finds it there. False when there is nothing to move.
   * May be repeated, by several processes at once.
   */
  archive(id: JobId): Promise<boolean>;
  /** Up to when, by their end (ms since the epoch), all jobs' media are deleted; 0 at first. Kept for whoever sweeps next. */
  mediaMark(): Promise<number>;
  /** Only upwards. */
  raiseMediaMark(mark: number): Promise<void>;
  /** Runs that have ended or were buried and whose queue entries may still stand; oldest first. */
  pendingCleanups(limit: number): Promise<JobRun[]>;
  /** All entries of the run are gone. */
  confirmCleanup(run: JobRun): Promise<void>;
  /** An unsettled claim falls back after 2 minutes, so that a crashed submission can be repeated. */
  claimIdempotency(owner: string, key: string, fingerprint: string): Promise<IdempotencyClaim>;
  /** Fixes the claimed key to its job; lives as long as the record. */
  settleIdempotency(owner: string, key: string, job: JobId): Promise<void>;
  /** Gives a claim back when the submission failed. */
  releaseIdempotency(owner: string, key: string): Promise<void>;
  /** Uploads are owned by a key until they expire. */
  openUpload(uploadId: string, owner: string, expiresInSeconds: number): Promise<void>;
  ownsUpload(uploadId: string, owner: string): Promise<boolean>;
  /** Oldest first; from the beginning for an id that is none. The stream keeps about the last 256 and ends an hour after the job. */
  eventsAfter(id: JobId, afterEventId: string): Promise<JobEvent[]>;
  /** Keeps this process's facts visible for a minute; call it every 15 s. */
  announce(facts: WorkerFacts): Promise<void>;
  withdraw(workerId: string): Promise<void>;
  workers(): Promise<WorkerFacts[]>;
  /** Bundles that were ever remembered, the one remembered last first: what a job may be fixed to. */
  bundles(): Promise<BundleFacts[]>;
  rememberBundle(bundle: BundleFacts): Promise<void>;
  /** @throws JobError `queue_unavailable` unless Redis answers now. */
  check(): Promise<void>;
  /** Bytes that Redis holds, and how many it may hold before it refuses to write; null without a limit. */
  memory(): Promise<{ readonly usedBytes: number; readonly limitBytes: number | null }>;
}

/**
 * One Redis subscription per process: tells which job changed; readers re-read.
 * The number of waiters is capped: beyond it both calls reject with JobError `rate_limited`.
 * After an outage of the subscription every waited-for job is read once, so no change stays unseen.
 */
export interface JobChanges {
  /** Resolves at the next change of the job (with its status then), or with null after `timeoutMs` or on abort. Subscribe, re-read, then await. */
  waitForChange(id: JobId, timeoutMs: number, signal?: AbortSignal): Promise<JobStatus | null>;
  /** Resolves when the job has ended. Same rules. */
  waitForEnd(id: JobId, timeoutMs: number, signal?: AbortSignal): Promise<JobStatus | null>;
  readonly waiters: number;
  close(): Promise<void>;
}
