import { JobError } from '@styleflow/contracts';
import type { BatchChanges } from '../ports/batch-records.js';
import type { RedisClient } from '../redis/connection.js';
import { BATCHES_CHANNEL } from '../redis/record-keys.js';

/** Those who follow results, and one admission loop. */
const MAX_WAITERS = 5_000;

interface Waiter {
  readonly batch: string | null;
  readonly wake: (isChange: boolean) => void;
}

/** `subscriber` hears of all batches for the whole process. After an outage everyone who waits looks again. */
export async function openBatchChanges(subscriber: RedisClient): Promise<BatchChanges> {
  const waiting = new Set<Waiter>();
  const wakeAll = (isChange: boolean): void => {
    for (const waiter of [...waiting]) waiter.wake(isChange);
  };
  subscriber.on('message', (_channel: string, batch: string) => {
    for (const waiter of [...waiting]) if (waiter.batch === null || waiter.batch === batch) waiter.wake(true);
  });
  await subscriber.subscribe(BATCHES_CHANNEL);
  subscriber.on('ready', () => wakeAll(true));

  return {
    waitForChange(batch, timeoutMs, signal) {
      if (signal?.aborted === true) return Promise.resolve(false);
      if (waiting.size >= MAX_WAITERS) {
        return Promise.reject(
          new JobError('rate_limited', `${MAX_WAITERS} calls follow batches already; poll instead.`),
        );
      }
      return new Promise((resolve) => {
        const stop = (): void => waiter.wake(false);
        const timer = setTimeout(stop, timeoutMs);
        const waiter: Waiter = {
          batch,
          wake(isChange) {
            if (!waiting.delete(waiter)) return;
            clearTimeout(timer);
            signal?.removeEventListener('abort', stop);
            resolve(isChange);
          },
        };
        signal?.addEventListener('abort', stop, { once: true });
        waiting.add(waiter);
      });
    },
    async close() {
      wakeAll(false);
      subscriber.disconnect();
    },
  };
}
