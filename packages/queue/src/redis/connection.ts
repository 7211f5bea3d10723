import type { Logger } from '@styleflow/runtime';
import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import type { Complaints } from './complaints.js';
import type { RedisAddress } from './redis-url.js';
import { watchSilence } from './watch-silence.js';

export type RedisClient = Redis | Cluster;

/**
 * What a connection is for.
 * `commands`: answers soon or fails. It keeps nothing back for later, so that a caller who was told of an outage can
 * rely on nothing happening afterwards. `worker`: BullMQ's; waits through an outage. `subscriber`: subscribes again by
 * itself.
 */
export type ConnectionRole = 'commands' | 'worker' | 'subscriber';

/** A server that is silent this long counts as down for callers. */
const SILENCE_MS = 2_000;
/** A connection that was given up is not worth more of a farewell. */
const FAREWELL_MS = 50;
const CONNECT_TIMEOUT_MS = 2_000;

/** 50 ms, doubled up to 1 s, so that a restarted server is found again within a second. */
const retryDelayMs = (times: number): number => Math.min(1_000, 50 * 2 ** Math.min(times, 10));

/** Opens a connection. It connects in the background and reconnects for ever. Close it with `disconnect`. */
export function openRedis(address: RedisAddress, role: ConnectionRole, complaints: Complaints): RedisClient {
  const client = construct(address, role);
  // Every queue over this connection adds a listener.
  client.setMaxListeners(200);
  client.on('error', (error) => complaints.warn(error, { role }, 'redis connection'));
  client.on('ready', () => complaints.over({ role }));
  if (role === 'commands') watchSilence(client, SILENCE_MS);
  return client;
}

function construct(address: RedisAddress, role: ConnectionRole): RedisClient {
  const { kind, username, password, tls } = address;
  const failsFast = role === 'commands';
  const common: RedisOptions = {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(tls && { tls: {} }),
    connectionName: `styleflow:${role}`,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // 0: commands that were under way when the connection broke fail at once. null: they are sent again after every
    // reconnect.
    maxRetriesPerRequest: failsFast ? 0 : null,
    autoResendUnfulfilledCommands: !failsFast,
    ...(failsFast && { disconnectTimeout: FAREWELL_MS }),
  };
  if (kind === 'cluster') {
    const options: ClusterOptions = {
      redisOptions: common,
      enableOfflineQueue: !failsFast,
      clusterRetryStrategy: retryDelayMs,
      slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
      // A certificate names hosts. A node at a looked-up address would not match its certificate.
      ...(tls && { dnsLookup: (host, answer) => answer(null, host) }),
      // In a redirection storm callers want an answer soon, so few redirections are followed.
      ...(failsFast && { maxRedirections: 4 }),
    };
    return new Cluster([...address.nodes], options);
  }
  const standalone: RedisOptions = {
    ...common,
    db: address.db,
    enableOfflineQueue: !failsFast,
    retryStrategy: retryDelayMs,
  };
  if (kind === 'sentinel') {
    return new Redis({
      ...standalone,
      sentinels: [...address.sentinels],
      name: address.master,
      ...(address.sentinelPassword !== undefined && { sentinelPassword: address.sentinelPassword }),
      sentinelRetryStrategy: retryDelayMs,
      ...(tls && { sentinelTLS: {}, enableTLSForSentinelMode: true }),
    });
  }
  return new Redis({ ...standalone, ...address.node });
}

/** Warns of settings under which Redis may forget jobs. */
export async function warnOfForgetfulRedis(client: RedisClient, logger: Logger): Promise<void> {
  try {
    const replies = await Promise.all([client.config('GET', 'maxmemory-policy'), client.config('GET', 'appendonly')]);
    const [policy, appendOnly] = replies.map((reply) => (Array.isArray(reply) ? String(reply[1]) : undefined));
    if (policy !== 'noeviction') {
      logger.warn({ policy }, 'Redis may evict jobs: set maxmemory-policy noeviction');
    }
    if (appendOnly !== 'yes') logger.warn('Redis forgets jobs when it restarts: set appendonly yes');
  } catch (error) {
    // Managed servers forbid CONFIG, which is no reason not to start.
    logger.warn(
      { err: error },
      'could not check whether Redis runs with maxmemory-policy noeviction and appendonly yes',
    );
  }
}
