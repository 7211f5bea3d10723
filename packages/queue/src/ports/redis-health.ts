/** The state of Redis. */
export interface RedisHealth {
  /** @throws JobError `queue_unavailable` unless Redis answers now. */
  check(): Promise<void>;
  /** How many bytes Redis holds, and how many it may hold before it refuses writes; null without a limit. */
  memory(): Promise<{ readonly usedBytes: number; readonly limitBytes: number | null }>;
}
