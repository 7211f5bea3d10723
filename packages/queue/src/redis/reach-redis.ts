import { JobError } from '@styleflow/contracts';
import type { RedisClient } from './connection.js';

/** How long a call waits for a connection that is being made again. */
const READY_WAIT_MS = 750;

/** Replies of a server that runs but cannot serve now (starting, full, failing over). */
const UNABLE =
  /^(LOADING|READONLY|OOM|MISCONF|CLUSTERDOWN|MASTERDOWN|NOREPLICAS|TRYAGAIN|BUSY|NOAUTH|WRONGPASS|NOPERM)\b/;
/** The server could not read what arrived, and closes the connection: the line has changed it. */
const GARBLED = /^ERR Protocol error\b/;

/**
 * Runs commands on a fail-fast connection.
 * @throws JobError `queue_unavailable` when Redis does not answer within about two seconds; `internal` for anything else.
 */
export async function reachRedis<T>(client: RedisClient, commands: () => Promise<T>): Promise<T> {
  try {
    if (client.status !== 'ready') await untilReady(client);
    return await commands();
  } catch (error) {
    throw toRedisError(error);
  }
}

/**
 * A JobError stays unchanged. An unable server is `queue_unavailable`. A refusal of what we sent is our own fault:
 * `internal`.
 */
function toRedisError(thrown: unknown): JobError {
  if (thrown instanceof JobError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const isReply = thrown instanceof Error && thrown.name === 'ReplyError';
  // BullMQ's scripts refuse with numbers.
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number') {
    return new JobError('internal', message, { cause: thrown });
  }
  if (isReply && !UNABLE.test(message) && !GARBLED.test(message))
    return new JobError('internal', message, { cause: thrown });
  if (thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof SyntaxError) {
    return new JobError('internal', message, { cause: thrown });
  }
  return new JobError('queue_unavailable', `Redis cannot serve now: ${message}`, { cause: thrown });
}

/** What ioredis and we say of a command that was never sent. */
const NOT_SENT = /enableOfflineQueue|there is no connection/;

/**
 * Whether what failed was certainly not done: Redis refused it, or never heard of it. Of what was under way when a connection
 * broke nobody knows.
 */
export function wasNotDone(error: unknown): boolean {
  if (!(error instanceof JobError)) return false;
  const { cause } = error;
  // A decision of ours, made from Redis's answer.
  if (cause === undefined) return true;
  if (!(cause instanceof Error) || GARBLED.test(cause.message)) return false;
  return cause.name === 'ReplyError' || NOT_SENT.test(cause.message);
}

const reconnecting = new WeakMap<RedisClient, Promise<void>>();

/** Waits for a missing connection. All calls that need it share one wait. */
function untilReady(client: RedisClient): Promise<void> {
  const known = reconnecting.get(client);
  if (known) return known;
  const wait = waitForReady(client).finally(() => reconnecting.delete(client));
  reconnecting.set(client, wait);
  return wait;
}

function waitForReady(client: RedisClient): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      client.off('ready', onReady);
      client.off('end', onEnd);
      if (error) reject(error);
      else resolve();
    };
    const onReady = (): void => settle();
    const onEnd = (): void => settle(new Error('the connection is closed'));
    const timer = setTimeout(() => settle(new Error('there is no connection')), READY_WAIT_MS);
    if (client.status === 'end') return onEnd();
    client.once('ready', onReady);
    client.once('end', onEnd);
  });
}
