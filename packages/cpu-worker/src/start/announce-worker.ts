import type { WorkerFacts } from '@styleflow/contracts';
import { type Announcements, type Announcer, startAnnouncer } from '@styleflow/queue';
import type { Health, Logger } from '@styleflow/runtime';

/** Keeps this worker visible to others until `stop`; `now` tells what changes. The first announcement must succeed. */
export function announceWorker(
  announcements: Announcements,
  logger: Logger,
  now: () => { readonly health: Health } & Pick<WorkerFacts, 'slots' | 'decodeCage' | 'printsReports'>,
): Promise<Announcer> {
  return startAnnouncer({ announcements, logger, kind: 'cpu-worker', facts: now });
}
