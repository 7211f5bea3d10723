import { setTimeout as after } from 'node:timers/promises';
import { toJobError } from '@styleflow/contracts';
import type { ApiPorts } from '../ports/api-ports.js';

/** A dependency that does not answer within this time counts as not reachable. */
const CHECK_MS = 4_000;

/**
 * Whether Redis and the object store answer: `ok`, or the code of the error. Its sentence is left out, because it could
 * contain internal addresses.
 */
export async function checkDependencies({
  redisHealth,
  store,
}: Pick<ApiPorts, 'redisHealth' | 'store'>): Promise<{ redis: string; store: string }> {
  const [redis, objects] = await Promise.all([outcome(redisHealth.check()), outcome(store.check())]);
  return { redis, store: objects };
}

async function outcome(check: Promise<void>): Promise<string> {
  const late = new AbortController();
  try {
    return await Promise.race([
      check.then(() => 'ok'),
      after(CHECK_MS, 'timeout', { signal: late.signal }).catch(() => 'timeout'),
    ]);
  } catch (error) {
    return toJobError(error).code;
  } finally {
    late.abort();
  }
}
