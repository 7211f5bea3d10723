import {
  isStageQueue,
  type QueueFacts,
  REPORT_QUEUE,
  scoreQueueName,
  WEBHOOK_QUEUE,
  type WorkerFacts,
} from '@styleflow/contracts';
import type { ApiPorts } from '../ports/api-ports.js';

/** Whether a worker takes entries. One that starts or drains does not. */
export const takesEntries = ({ health }: Pick<WorkerFacts, 'health'>): boolean =>
  health === 'ready' || health === 'busy';

/** Every queue, with the bundle it serves and the number of processes that take from it. */
export async function readQueues({
  queue,
  announcements,
}: Pick<ApiPorts, 'queue' | 'announcements'>): Promise<QueueFacts[]> {
  const [depths, bundles, workers] = await Promise.all([
    queue.depths(),
    announcements.bundles(),
    announcements.workers(),
  ]);
  const bundleOf = new Map(bundles.map(({ id, digest }) => [scoreQueueName(digest.slice(0, 12)), id]));
  return depths.map((depth) => {
    const bundle = bundleOf.get(depth.name);
    return {
      ...depth,
      ...(bundle === undefined ? {} : { bundle }),
      workers: workers.filter(takesEntries).filter((worker) => takesFrom(worker, depth.name)).length,
    };
  });
}

function takesFrom({ kind, bundle, printsReports }: WorkerFacts, queue: string): boolean {
  if (queue === REPORT_QUEUE) return printsReports === true;
  if (isStageQueue(queue) || queue === WEBHOOK_QUEUE) return kind === 'cpu-worker';
  return bundle !== undefined && scoreQueueName(bundle.digest.slice(0, 12)) === queue;
}
