import type { Comparison, JobRun } from '@styleflow/contracts';

/** How much may wait for shadows at once, all together. */
export const SHADOW_LIMITS = {
  /** Runs, from their first start on: some 200 bytes of Redis each. */
  runs: 2_000,
  /** Clips of them whose pixels stay for shadows: some 1.5 MB each, so about 30 GB. */
  clips: 20_000,
  /** Clips of one run: longer ones are not compared. */
  clipsOfRun: 2_000,
  /** How often a run is taken at most: one that costs workers their lives is given up. */
  takes: 3,
  /** A worker that does not renew for so long counts as lost. */
  leaseMs: 60_000,
} as const;

/** The run of a job and the shadow, by the first 12 hex digits of its digest, that is to score it. */
export interface ShadowRun extends JobRun {
  readonly bundle: string;
}

/** Of one shadow. */
export interface ShadowState {
  readonly comparisons: readonly Comparison[];
  /** Runs that have ended and that it has not scored yet. */
  readonly waiting: number;
  /** Runs that could not be compared, by why. */
  readonly missed: { readonly skipped: number; readonly expired: number; readonly incomplete: number };
}

/**
 * Runs whose clips bundles score that no client sees, and what came of it.
 *
 * Promises: they are no entries of the run's flow, so nothing waits for them; a run is offered to shadows in the step that ends its
 * job with success, and let go in every other end; whoever is lost while it works on one loses its lease, and another takes it; what is
 * held has a deadline and limits (`SHADOW_LIMITS`), and goes with its job, as its comparisons do. Every call may be repeated.
 * Leaves out: pixels. They may go when `isHeld` says no, and when `noteScored`, `noteCompared` or `letGo` says so.
 * An outage is JobError `queue_unavailable`.
 */
export interface ShadowRuns {
  /**
   * Holds a run for these shadows (by 12 digits), for so long; a run that is held keeps its deadline. False when too much is held
   * already, or the run is not wanted.
   */
  hold(run: JobRun, shadows: readonly string[], options: { forMs: number; keepCrops: boolean }): Promise<boolean>;
  /** The run has so many clips by now. False, and it is let go, when that is more than is kept. */
  keepClips(run: JobRun, clips: number): Promise<boolean>;
  isHeld(run: JobRun): Promise<boolean>;
  /** A run to be scored by this shadow, for `SHADOW_LIMITS.leaseMs`; null when none waits. */
  take(shadow: string): Promise<JobRun | null>;
  /** Lengthens the lease. False when the run is not to be scored any more. */
  renew(run: ShadowRun): Promise<boolean>;
  /** Lets another take it at once; it counts as not taken. */
  handBack(run: ShadowRun): Promise<void>;
  /** The shadow has done what it can. True when the pixels of the run may go: no other shadow wants them. */
  noteScored(run: ShadowRun): Promise<boolean>;
  /** Runs that were scored and are to be compared, oldest first. */
  scored(limit: number): Promise<ShadowRun[]>;
  /** Null: too little was scored. Of a job that is gone nothing is noted. True when the pixels of the run may go. */
  noteCompared(run: ShadowRun, comparison: Comparison | null): Promise<boolean>;
  /** Runs whose deadline has passed, oldest first. */
  overdue(limit: number): Promise<JobRun[]>;
  /** Nobody waits for the run any more. What was not scored counts as expired. True when its pixels may go. */
  letGo(run: JobRun): Promise<boolean>;
  state(shadow: string): Promise<ShadowState>;
}
