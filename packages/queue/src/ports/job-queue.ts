import type { FinishPayload, JobError, JobRun, PreparePayload, ScorePayload, Surrounding } from '@styleflow/contracts';

export interface QueueDepth {
  readonly name: string;
  /** Whether workers take no entries of it (see `QueueInspector`). */
  readonly paused: boolean;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly waitingChildren: number;
  readonly failed: number;
  /** Completed entries, which are kept until their job has ended. */
  readonly completed: number;
  readonly oldestSeconds: number | null;
}

/**
 * One start of an entry: its payload, the number of the attempt, and a signal that fires when this worker must let go
 * (shutdown, lost lock).
 */
export interface Attempt<P> {
  readonly payload: P;
  /** Counted from 1; includes starts that ended in a lost worker. */
  readonly number: number;
  /**
   * The error that the entry would fail with if the handler threw this one now; null when it would be tried again. Also null
   * while something is away that the entry has no part in, until the outage budget is over.
   */
  finalError(error: JobError): JobError | null;
  /** Whether a worker was lost while it held this entry. The entry may be to blame, so run it alone. */
  readonly wasStalled: boolean;
  readonly signal: AbortSignal;
}

/** Runs one entry. It throws a JobError to fail; whose fault that is decides whether and when the entry is tried again. */
export type StageHandler<P> = (attempt: Attempt<P>) => Promise<void>;

/** Of `finish`. `await-children`: it has decided nothing, and starts anew once the run's children have ended; that is no failure. */
export type FinishHandler =
  | StageHandler<FinishPayload>
  | ((attempt: Attempt<FinishPayload>) => Promise<'await-children' | undefined>);

/**
 * How a worker sees whether what was away is there again; each throws while it is not. An entry that waited for it is not begun
 * before, and a worker at fault takes nothing before.
 */
export type SurroundingChecks = Readonly<Partial<Record<Surrounding, () => Promise<void>>>>;

export interface StageWorkerOptions {
  readonly concurrency: number;
  readonly checks?: SurroundingChecks;
}

export interface StageWorker {
  readonly busy: number;
  /** Why the worker takes nothing: an attempt has shown that the worker itself is at fault, and its check still says so. */
  readonly fault: JobError | null;
  /** How many entries it may hold from now on; what it holds beyond goes on. */
  resize(concurrency: number): void;
  /**
   * Stops taking entries. Waits up to `graceMs` for running ones, then aborts their signals and hands them back, so
   * that another worker starts them at once; this does not count as a failure. Ends at the latest four seconds after
   * the grace, even without Redis.
   */
  close(graceMs: number): Promise<void>;
}

/**
 * The state of a run's `finish`. `live`: it will run without help. `dead`: it failed for good, ended without deciding,
 * or waits for children that cannot end. `absent`: it does not exist.
 */
export type FlowState = 'live' | 'dead' | 'absent';

/** How the children of a run failed, as `finish` sees it. */
export interface ChildFailures {
  /** Of the last one, where it ran again. */
  readonly prepare: JobError | null;
  readonly clips: readonly {
    readonly track: number;
    readonly clip: number;
    /** Whose entry it was, by the first 12 hex digits of the bundle's digest. */
    readonly bundle: string;
    readonly error: JobError;
  }[];
}

/**
 * The queues of the three stages.
 *
 * Promises: ids are derived, so every add may be repeated; `finish` of a run is started once all its children have
 * ended, however they ended (more than once only if its own worker is lost); an entry survives the loss of its worker; of
 * owners whose entries wait in a queue each gets one taken in turn, however many each of them has.
 * Leaves out: results (they live in the store), how many entries of a batch there are at once (admission).
 * Except for those of workers, all calls fail with JobError `queue_unavailable` within about two seconds when Redis is
 * away.
 */
export interface JobQueue {
  /**
   * Adds the parent `finish` with its first child `prepare`, atomically. Changes nothing when the run has them, in
   * whatever state.
   */
  addFlow(payload: PreparePayload): Promise<void>;
  /**
   * Adds one clip under the run's `finish`, in the queue of its bundle. `priority` is the job's, 9 first, among those of its
   * `owner`. Changes nothing when it exists, or with `again` puts it in the place of an entry that has ended: for a clip whose objects
   * were damaged after it.
   * @throws JobError `gone` when the run's entries have been removed.
   */
  addScore(
    payload: ScorePayload,
    bundleDigest: string,
    priority: number,
    options?: {
      readonly again?: boolean;
      readonly owner?: string | undefined;
      readonly ofBatch?: boolean | undefined;
    },
  ): Promise<void>;
  /**
   * Adds `prepare` once more under the run's `finish`, which is to answer `await-children` then: for stored objects that are
   * damaged. Changes nothing while one of them is under way. False when there have been `MAX_PREPARED_AGAIN`, when the last
   * one failed for good, or when the run's entries have been removed.
   */
  prepareAgain(payload: PreparePayload): Promise<boolean>;
  /**
   * Takes a run's waiting `prepare` out of the queue, so that `finish` comes at once. False when a worker holds it or
   * it is gone.
   */
  dropWaitingPrepare(run: JobRun): Promise<boolean>;
  /**
   * For a run that is no longer wanted: takes every entry that waits for a worker out of the queues, so that `finish` comes without
   * one, and has a `finish` that waits for its next attempt start now. Entries that a worker holds end by themselves.
   */
  dropWaiting(run: JobRun): Promise<void>;
  /**
   * Takes a run's entries that wait for a worker of this bundle out of its queue, and those whose worker was lost. `before` is told
   * their clips first. Those that a worker holds end by themselves.
   * @param bundle the first 12 hex digits of its digest.
   */
  dropScores(
    run: JobRun,
    bundle: string,
    before: (clips: readonly { readonly track: number; readonly clip: number }[]) => Promise<void>,
  ): Promise<void>;
  /**
   * How many entries wait in the queue of a bundle, and how many its workers hold. Cheaper than `depths`.
   * @param bundle the first 12 hex digits of its digest.
   */
  scoreLoad(bundle: string): Promise<{ readonly waiting: number; readonly held: number }>;
  /**
   * The children that failed for good, with the errors that their handlers threw; `internal` for one that lost too many
   * workers.
   */
  childFailures(run: JobRun): Promise<ChildFailures>;
  flowState(run: JobRun): Promise<FlowState>;
  /** The states of at most some hundred runs, in their order. */
  flowStates(runs: readonly JobRun[]): Promise<FlowState[]>;
  /** Lets a `dead` finish run again with all its attempts. Changes nothing otherwise. */
  reviveFinish(run: JobRun): Promise<void>;
  /**
   * Deletes the entries of a run that has ended. Entries that a worker still holds stay until the next call.
   * @returns whether all are gone.
   */
  removeEntries(run: JobRun): Promise<boolean>;
  /** Drops the turns of entries that wait no longer. Nothing depends on it but that nothing is left of what has ended. */
  forgetTurns(): Promise<void>;
  workPrepare(handler: StageHandler<PreparePayload>, options: StageWorkerOptions): StageWorker;
  workScore(handler: StageHandler<ScorePayload>, options: StageWorkerOptions & { bundleDigest: string }): StageWorker;
  workFinish(handler: FinishHandler, options: StageWorkerOptions): StageWorker;
  /** `prepare`, `finish` and every score queue that was ever used. `oldestSeconds`: since the oldest waiting entry was added; null for `finish`. */
  depths(): Promise<QueueDepth[]>;
  close(): Promise<void>;
}
