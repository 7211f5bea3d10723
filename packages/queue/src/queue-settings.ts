import { integerSetting, numberSetting, parsedBy } from '@styleflow/runtime';
import { z } from 'zod';
import { parseOwnerWeights } from './ports/owner-weights.js';
import { parseRedisUrl } from './redis/redis-url.js';

/** Settings of every process that talks to Redis. */
export const queueSettings = {
  STYLEFLOW_REDIS_URL: z
    .string()
    .prefault('redis://127.0.0.1:6379')
    .refine(
      (text) => parseRedisUrl(text) !== null,
      'allowed: redis://HOST:PORT/DB, redis-sentinel://H1:P,H2:P/MASTER[/DB], redis-cluster://H1:P,H2:P, with rediss for TLS; each may start with USER:PASSWORD@',
    ),
  /** The password of the sentinels themselves. The address holds Redis's own. */
  STYLEFLOW_REDIS_SENTINEL_PASSWORD: z.string().optional(),
  /** Most unfinished jobs of all callers together. Beyond it a submission is refused with `queue_full`. */
  STYLEFLOW_MAX_QUEUED_JOBS: integerSetting({ min: 1, max: 10_000_000, fallback: 100_000 }),
  /**
   * A worker that does not renew its lock for this long counts as lost. Lower: quicker takeover; higher: calmer on busy
   * machines.
   */
  STYLEFLOW_LOCK_SECONDS: integerSetting({ min: 2, max: 3600, fallback: 30 }),
  /** Owners who get more than one entry in each turn, by the names of their keys. The same for every process. */
  STYLEFLOW_OWNER_WEIGHTS: parsedBy(parseOwnerWeights),
  /** How long store, scratch disk or name service may be away before what waits for them fails. */
  STYLEFLOW_OUTAGE_BUDGET_MINUTES: numberSetting({ min: 0, max: 10_080, fallback: 15 }),
};

export type QueueSettings = z.infer<z.ZodObject<typeof queueSettings>>;
