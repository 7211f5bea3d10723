import type { JobId } from '@styleflow/contracts';

/**
 * Jobs to be whose video is put at its own place before there is a record. Who does that notes it before and again while it lasts; the
 * creation of the job strikes it out. What a process left that was lost in between is found here, and only here.
 *
 * A Redis that forgets forgets these, too. An outage is JobError `queue_unavailable`.
 */
export interface Arrivals {
  /** From now on, or still, the video arrives. False, and nothing is noted, when no job of this id can be made any more. */
  note(id: JobId): Promise<boolean>;
  /** Those that were noted for the last time before `before` (ms by the clock of Redis), the earliest first. */
  notedBefore(before: number, limit: number): Promise<JobId[]>;
  /** Nothing of it lies there any more. With `notedBefore`: unless it was noted again since then. */
  forget(id: JobId, notedBefore?: number): Promise<void>;
}
