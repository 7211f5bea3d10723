/**
 * The one clock that all processes share: Redis's. Local wall clocks are wrong, jump and stand still; none of them decides.
 * Both answer milliseconds since the epoch. An outage is JobError `queue_unavailable`.
 */
export interface SharedClock {
  /** Goes on by a steady clock from a reading of at most half a minute ago. */
  now(): Promise<number>;
  /** Read for this call, where half a minute of a clock that has jumped would matter. */
  read(): Promise<number>;
}
