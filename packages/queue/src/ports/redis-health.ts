/** The state of Redis. */
export interface RedisHealth {
  /** Writes and reads a small key. @throws JobError `queue_unavailable` unless Redis takes and keeps it now. */
  check(): Promise<void>;
  /** How many bytes Redis holds, and how many it may hold before it refuses writes; null without a limit. */
  memory(): Promise<{ readonly usedBytes: number; readonly limitBytes: number | null }>;
}
