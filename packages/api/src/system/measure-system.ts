import { metrics } from '@styleflow/runtime';
import type { ApiPorts } from '../ports/api-ports.js';

/**
 * Updates the gauges about the whole system: queues, workers, Redis's memory, and whether Redis and the store answer.
 * Every API process measures the same, so queries take the maximum over them. Never throws: while Redis is away, queues
 * and workers are absent, and the process's own figures matter most.
 */
export async function measureSystem(ports: ApiPorts): Promise<void> {
  const { queue, announcements, redisHealth, health, logger } = ports;
  const [readiness, depths, workers, memory] = await Promise.allSettled([
    health.readiness(),
    queue.depths(),
    announcements.workers(),
    redisHealth.memory(),
  ]);
  if (readiness.status === 'fulfilled') {
    const { checks } = readiness.value;
    metrics.setDependency('redis', checks.redis === 'ok');
    metrics.setDependency('store', checks.store === 'ok');
  }
  if (depths.status === 'rejected') {
    logger.warn({ err: depths.reason }, 'the queues could not be measured');
    metrics.setQueues([]);
  } else {
    const queues = depths.value.map(({ name, paused, oldestSeconds, ...depth }) => {
      const { waiting, active, delayed, waitingChildren, failed } = depth;
      const states = { waiting, active, delayed, waiting_children: waitingChildren, failed };
      return { name, paused, states, oldestSeconds: oldestSeconds ?? 0 };
    });
    metrics.setQueues(queues);
  }
  metrics.setRedisMemory(memory.status === 'fulfilled' ? memory.value : null);
  metrics.setWorkers(workers.status === 'fulfilled' ? workers.value : []);
}
