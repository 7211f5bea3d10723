/** The calls of one owner in the minute that runs for him. */
export interface CallCount {
  readonly calls: number;
  /** Until he begins anew, in milliseconds. */
  readonly endsInMs: number;
}

/** How many calls each owner makes in a minute, counted over all processes. An outage is JobError `queue_unavailable`. */
export interface CallCounts {
  /** Counts one more. A minute begins with the first call after the last one. */
  count(owner: string): Promise<CallCount>;
}
