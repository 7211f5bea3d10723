import { metrics } from '@styleflow/runtime';
import type { ApiPorts } from '../ports/api-ports.js';

/**
 * Updates the gauges about the whole system: queues, workers, Redis's memory, and whether Redis and the store answer.
 * Every API process measures the same, so queries take the maximum over them. Never throws: while Redis is away, queues
 * and workers are absent, and the process's own figures matter most.
 */
export async function measureSystem(ports: ApiPorts): Promise<void> {
  const { queue, announcements, redisHealth, health, logger } = ports;
  const [readiness, depths, unadmitted, workers, memory] = await Promise.allSettled([
    health.readiness(),
    queue.depths(),
    countUnadmitted(ports),
    announcements.workers(),
    redisHealth.memory(),
  ]);
  if (readiness.status === 'fulfilled') {
    const { checks } = readiness.value;
    metrics.setDependency('redis', checks.redis === 'ok');
    metrics.setDependency('store', checks.store === 'ok');
  }
  if (depths.status === 'rejected' || unadmitted.status === 'rejected') {
    const [failed] = [depths, unadmitted].filter((each) => each.status === 'rejected');
    logger.warn({ err: failed?.reason }, 'the queues could not be measured');
    metrics.setQueues([]);
  } else {
    const queues = depths.value.map(({ name, paused, oldestSeconds, ...depth }) => {
      const { waiting, active, delayed, waitingChildren, failed } = depth;
      const ofPrepare: Record<string, number> = name === 'prepare' ? { unadmitted: unadmitted.value } : {};
      const states = { waiting, active, delayed, waiting_children: waitingChildren, failed, ...ofPrepare };
      return { name, paused, states, oldestSeconds: oldestSeconds ?? 0 };
    });
    metrics.setQueues(queues);
  }
  metrics.setRedisMemory(memory.status === 'fulfilled' ? memory.value : null);
  metrics.setWorkers(workers.status === 'fulfilled' ? workers.value : []);
}

/** Jobs, and items of batches, that have no entry yet: they wait for room in their owner's window or their batch's. */
async function countUnadmitted({ singles, batches }: Pick<ApiPorts, 'singles' | 'batches'>): Promise<number> {
  const [ofSingles, live] = await Promise.all([singles.waiting(), batches.live()]);
  const items = live.filter(({ status, cancelRequested }) => status === 'running' && !cancelRequested);
  return (
    ofSingles.reduce((sum, { waiting }) => sum + waiting, 0) +
    items.reduce((sum, { counts, next }) => sum + counts.total - next, 0)
  );
}
