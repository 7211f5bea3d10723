/** A place that is held; it falls back by itself half a minute after its holder was lost. */
export interface TargetPlace {
  release(): Promise<void>;
}

/**
 * How many connections to one target all workers have together, so that nobody uses the service to overrun a third party.
 * An outage is JobError `queue_unavailable`.
 */
export interface TargetPlaces {
  /** A place for one connection to `target` (a host's name or address), or null when `max` are held already. */
  take(target: string, max: number): Promise<TargetPlace | null>;
}
