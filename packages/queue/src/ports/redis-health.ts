/** How Redis is. */
export interface RedisHealth {
  /** @throws JobError `queue_unavailable` unless Redis answers now. */
  check(): Promise<void>;
  /** Bytes that Redis holds, and how many it may hold before it refuses to write; null without a limit. */
  memory(): Promise<{ readonly usedBytes: number; readonly limitBytes: number | null }>;
}
