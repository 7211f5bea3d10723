/**
 * Work that one process does at a time.
 * An outage when the lease is to be taken is JobError `queue_unavailable`.
 */
export interface Leases {
  /**
   * Runs `task` when nobody holds the named lease and answers true; false otherwise. The lease is renewed while the task
   * runs and given back after it; `seconds` after its holder was lost another may have it.
   */
  withLease(name: string, seconds: number, task: () => Promise<void>): Promise<boolean>;
}
