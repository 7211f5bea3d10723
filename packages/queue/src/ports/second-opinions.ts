import type { JobRun } from '@styleflow/contracts';

/** An unfinished run that several bundles judge; bundles by the first 12 hex digits of their digests. */
export interface JudgedRun extends JobRun {
  readonly bundles: readonly string[];
  readonly leftOut: readonly string[];
  /** When its first stage began, ms by the clock of Redis; null before. */
  readonly startedAt: number | null;
}

/**
 * Which of several bundles a job goes on without, because nobody serves them.
 * An outage is JobError `queue_unavailable`.
 */
export interface SecondOpinions {
  /** All unfinished jobs with several bundles, in pages of a few hundred. */
  unfinished(): AsyncIterable<readonly JudgedRun[]>;
  /**
   * Notes which bundles have workers now and which have none.
   * @returns for each of the latter since when it has been seen without, ms by the clock of Redis.
   */
  noteAbsent(served: readonly string[], absent: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Notes in the run's record that it goes on without this bundle; false when the run is not wanted. */
  leaveOut(run: JobRun, bundle: string): Promise<boolean>;
}
