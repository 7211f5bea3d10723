import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { WorkerFacts } from '@styleflow/contracts';
import type { JobRecords } from '@styleflow/queue';
import { type Health, type Logger, VERSION } from '@styleflow/runtime';

/** The records keep facts for a minute: three announcements may be lost. */
const ANNOUNCE_EVERY_MS = 15_000;

/**
 * Keeps this worker visible to others until `stop`; `now` tells what changes. The first announcement must succeed; later ones
 * and the farewell may miss an outage: what is known of a silent worker fades within a minute.
 */
export async function announceWorker(
  records: JobRecords,
  logger: Logger,
  now: () => { readonly health: Health } & Pick<WorkerFacts, 'slots'>,
): Promise<{ stop(): Promise<void> }> {
  const id = randomUUID();
  const startedAt = new Date().toISOString();
  const announce = (): Promise<void> =>
    records.announce({
      id,
      kind: 'cpu-worker',
      version: VERSION,
      host: hostname(),
      pid: process.pid,
      startedAt,
      ...now(),
    });
  await announce();
  const timer = setInterval(() => {
    announce().catch((error: unknown) => logger.warn({ err: error }, 'could not announce this worker'));
  }, ANNOUNCE_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await records
        .withdraw(id)
        .catch((error: unknown) => logger.warn({ err: error }, 'could not withdraw this worker'));
    },
  };
}
