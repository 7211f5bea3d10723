/** The calls of one owner in the window that runs for him. */
export interface CallCount {
  readonly calls: number;
  /** Until he begins anew, in milliseconds. */
  readonly endsInMs: number;
}

export type CallWindow = 'minute' | 'second';

/** How many calls each owner makes in a minute, and in a second, counted over all processes. An outage is JobError `queue_unavailable`. */
export interface CallCounts {
  /** Counts one more. A window begins with the first call after the last one. */
  count(owner: string, window?: CallWindow): Promise<CallCount>;
}
