import { isEnded, JOB_STATUSES, JobError, type JobId, type JobStatus } from '@styleflow/contracts';
import type { Logger } from '@styleflow/runtime';
import type { JobChanges } from '../ports/job-changes.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { CHANGES_CHANNEL, recordKeys } from '../redis/record-keys.js';

/** Each waiter takes about 1 kB with what depends on it (an open response). */
const MAX_WAITERS = 20_000;
const REREAD_PAGE = 500;
/** How often the jobs are read again after an outage. Each try waits a while for the connection. */
const REREAD_ATTEMPTS = 20;

interface Waiter {
  readonly endOnly: boolean;
  /** Ends the wait, with the new status or with null when there was no change. */
  readonly wake: (status: JobStatus | null) => void;
}

/**
 * `subscriber` hears the channel of changes for the whole process. `commands` reads again after an outage of the
 * subscription. Resolves once subscribed.
 */
export async function openJobChanges(
  subscriber: RedisClient,
  commands: RedisClient,
  logger: Logger,
  maxWaiters = MAX_WAITERS,
): Promise<JobChanges> {
  const waiting = new Map<string, Set<Waiter>>();
  let waiters = 0;
  let isClosed = false;

  function wake(id: string, status: JobStatus): void {
    for (const waiter of waiting.get(id) ?? []) if (!waiter.endOnly || isEnded(status)) waiter.wake(status);
  }

  /** A change that is published without a subscription is lost, so every job with a waiter is read, all at once. */
  async function reread(): Promise<void> {
    const ids = [...waiting.keys()];
    for (let from = 0; from < ids.length; from += REREAD_PAGE) {
      const page = ids.slice(from, from + REREAD_PAGE);
      const pipeline = commands.pipeline();
      for (const id of page) pipeline.hget(recordKeys.job(id as JobId), 'status');
      const replies = (await pipeline.exec()) ?? [];
      page.forEach((id, index) => {
        const [error, status] = replies[index] ?? [];
        if (error) throw error;
        // A record that is gone counts as an end. The reader finds out why.
        wake(id, isStatus(status) ? status : 'canceled');
      });
    }
  }

  function wait(id: JobId, endOnly: boolean, timeoutMs: number, signal?: AbortSignal): Promise<JobStatus | null> {
    if (waiters >= maxWaiters) {
      return Promise.reject(new JobError('rate_limited', `${maxWaiters} calls wait already; poll instead.`));
    }
    if (signal?.aborted === true) return Promise.resolve(null);
    return new Promise((resolve) => {
      const peers = waiting.get(id) ?? new Set<Waiter>();
      const stop = (): void => waiter.wake(null);
      const timer = setTimeout(stop, timeoutMs);
      const waiter: Waiter = {
        endOnly,
        wake(status) {
          if (!peers.delete(waiter)) return;
          waiters -= 1;
          if (peers.size === 0) waiting.delete(id);
          clearTimeout(timer);
          signal?.removeEventListener('abort', stop);
          resolve(status);
        },
      };
      signal?.addEventListener('abort', stop, { once: true });
      peers.add(waiter);
      waiting.set(id, peers);
      waiters += 1;
    });
  }

  subscriber.on('message', (_channel: string, message: string) => {
    const [id = '', status] = message.split(' ');
    if (isStatus(status)) wake(id, status);
  });
  await subscriber.subscribe(CHANGES_CHANNEL);
  async function recover(): Promise<void> {
    // Subscribes again, to know when the subscription holds. Later changes are heard, earlier ones are read.
    await subscriber.subscribe(CHANGES_CHANNEL);
    for (let attempt = 1; waiting.size > 0 && !isClosed; attempt += 1) {
      try {
        await reachRedis(commands, reread);
        return;
      } catch (error) {
        if (attempt === REREAD_ATTEMPTS) throw error;
      }
    }
  }
  subscriber.on('ready', () => {
    recover().catch((error: unknown) => {
      logger.warn(
        { err: error },
        'could not re-read the jobs that are waited for: they are read when their time is up',
      );
    });
  });

  return {
    waitForChange: (id, timeoutMs, signal) => wait(id, false, timeoutMs, signal),
    waitForEnd: (id, timeoutMs, signal) => wait(id, true, timeoutMs, signal),
    get waiters() {
      return waiters;
    },
    async close() {
      isClosed = true;
      for (const peers of [...waiting.values()]) for (const waiter of [...peers]) waiter.wake(null);
      subscriber.disconnect();
    },
  };
}

function isStatus(value: unknown): value is JobStatus {
  return JOB_STATUSES.some((status) => status === value);
}
