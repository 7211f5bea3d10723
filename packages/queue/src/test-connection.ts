import { createLogger } from '@styleflow/runtime';
import type { RedisServer } from '@styleflow/testing';
import { connectQueue, type QueueConnection } from './connect-queue.js';
import type { OwnerWeights } from './ports/owner-weights.js';
import type { RecordArchive } from './ports/record-archive.js';
import type { SecretKey } from './records/secret-keys.js';

export const quietLogger = createLogger('queue-test', 'silent');

/**
 * A connection to the test's server; `url` may name a link in front of it. Use `lockDurationMs` only in tests that wait
 * for a takeover: a busy machine may fail to renew a short lock in time, and the entry then starts again.
 */
export function connectTest(
  server: RedisServer,
  options: {
    url?: string;
    maxQueued?: number;
    lockDurationMs?: number;
    outageBudgetMinutes?: number;
    weights?: OwnerWeights;
    archive?: RecordArchive;
    secretKeys?: readonly SecretKey[];
  } = {},
): Promise<QueueConnection> {
  const {
    url = server.url,
    maxQueued = 1_000,
    lockDurationMs = 30_000,
    outageBudgetMinutes = 15,
    weights,
    ...others
  } = options;
  return connectQueue(
    {
      STYLEFLOW_REDIS_URL: url,
      STYLEFLOW_MAX_QUEUED_JOBS: maxQueued,
      STYLEFLOW_LOCK_SECONDS: 30,
      STYLEFLOW_OUTAGE_BUDGET_MINUTES: outageBudgetMinutes,
      STYLEFLOW_OWNER_WEIGHTS: weights ?? new Map(),
    },
    { logger: quietLogger, lockDurationMs, ...others },
  );
}
