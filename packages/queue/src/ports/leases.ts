/**
 * Work that only one process does at a time. When Redis is away while a lease is taken, the call fails with JobError
 * `queue_unavailable`.
 */
export interface Leases {
  /**
   * Runs `task` when no process holds the named lease, and answers true; false otherwise. The lease is renewed while
   * the task runs and given back afterwards. When its holder is lost, another process can take it after `seconds`.
   */
  withLease(name: string, seconds: number, task: () => Promise<void>): Promise<boolean>;
}
