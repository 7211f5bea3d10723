import { askRedis, pickFrom, spoilRedis } from '@styleflow/testing';
import type { ChaosSystem } from '../chaos-system.js';
import type { Fault } from '../fault.js';

const SPENDS_NOTHING = 'an outage of Redis within the budget spends no attempt and fails nothing';

/** Sets a line of its configuration, and back. Redis may have been restarted meanwhile, which also sets it back. */
async function configure({ redis }: ChaosSystem, name: string, value: string): Promise<() => Promise<void>> {
  const before = await askRedis(redis.port, ['CONFIG', 'GET', name]);
  const former = Array.isArray(before) ? String(before[1]) : '';
  await askRedis(redis.port, ['CONFIG', 'SET', name, value]);
  return async () => void (await askRedis(redis.port, ['CONFIG', 'SET', name, former]));
}

const everyLink = (system: ChaosSystem) => system.processes.map(({ own }) => own.redisLink);

function restore(system: ChaosSystem): void {
  for (const link of everyLink(system)) link.restore();
}

export const REDIS_FAULTS: readonly Fault[] = [
  {
    id: 'redis-restart',
    says: 'Redis is killed and started again',
    promise: SPENDS_NOTHING,
    begin: async ({ redis }) => {
      await redis.kill9();
      return () => redis.restart();
    },
  },
  {
    id: 'redis-frozen',
    says: 'Redis is frozen',
    promise: SPENDS_NOTHING,
    begin: async ({ redis }) => {
      const { pid } = redis;
      process.kill(pid, 'SIGSTOP');
      return () => void process.kill(pid, 'SIGCONT');
    },
  },
  {
    id: 'redis-read-only',
    says: 'Redis takes no writes (it wants a replica that is not there)',
    promise: SPENDS_NOTHING,
    begin: (system) => configure(system, 'min-replicas-to-write', '1'),
  },
  {
    id: 'redis-full',
    says: 'the memory of Redis is full',
    promise: SPENDS_NOTHING,
    begin: (system) => configure(system, 'maxmemory', '1'),
  },
  {
    id: 'redis-cut',
    says: 'all connections to Redis are cut',
    promise: SPENDS_NOTHING,
    begin: async (system) => {
      for (const link of everyLink(system)) link.cut();
      return () => restore(system);
    },
  },
  {
    id: 'redis-silent-for-one',
    says: 'one process hears nothing of Redis',
    promise: 'a worker that is cut off loses its entries to another, and what it does late changes nothing',
    begin: async (system, random) => {
      const { redisLink } = pickFrom(system.processes, random).own;
      redisLink.stall();
      return () => redisLink.restore();
    },
  },
  {
    id: 'redis-slow',
    says: 'each piece to and from Redis is 50 ms late',
    promise: SPENDS_NOTHING,
    begin: async (system) => {
      for (const link of everyLink(system)) link.slow({ delayMs: 50 });
      return () => restore(system);
    },
  },
  {
    id: 'redis-garbage',
    says: 'one message in twenty to and from Redis is garbage',
    promise: SPENDS_NOTHING,
    begin: async (system, random) => {
      for (const link of everyLink(system)) link.corrupt(spoilRedis(0.05, random));
      return () => restore(system);
    },
  },
];
