/**
 * Whether a target is worth asking, as all workers together have found: a dead one must not hold them up.
 *
 * Promises: after several failures in a row a target rests, for longer each time, up to a bound; then one call tries it out, and
 * all wait for what becomes of that.
 * An outage is JobError `queue_unavailable`.
 */
export interface TargetCircuits {
  /** 0 when the target may be called now; else ms until somebody may look again. */
  restMs(target: string): Promise<number>;
  succeeded(target: string): Promise<void>;
  failed(target: string): Promise<void>;
}
