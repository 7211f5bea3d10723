import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { WorkerFacts } from '@styleflow/contracts';
import type { JobRecords } from '@styleflow/queue';
import { type Health, type Logger, VERSION } from '@styleflow/runtime';
import { startGpuMeter } from './gpu-meter.js';

/** The records keep facts for a minute: three announcements may be lost. */
const ANNOUNCE_EVERY_MS = 15_000;

export interface Announcement {
  readonly records: JobRecords;
  readonly logger: Logger;
  readonly health: () => Health;
  readonly facts: Pick<WorkerFacts, 'bundle' | 'provider' | 'gpu'>;
  /** The card whose memory and load are measured. */
  readonly gpuUuid: string | undefined;
}

/** Keeps this worker visible until `stop`. The first announcement must succeed; later ones may miss an outage. */
export async function announceWorker(announcement: Announcement): Promise<{ stop(): Promise<void> }> {
  const { records, logger, health, facts, gpuUuid } = announcement;
  const id = randomUUID();
  const startedAt = new Date().toISOString();
  const announce = (): Promise<void> =>
    records.announce({
      id,
      kind: 'gpu-worker',
      version: VERSION,
      host: hostname(),
      pid: process.pid,
      startedAt,
      health: health(),
      ...facts,
    });
  await announce();
  const meter = gpuUuid === undefined ? undefined : startGpuMeter(gpuUuid, logger);
  const timer = setInterval(() => {
    announce().catch((error: unknown) => {
      logger.warn({ err: error }, 'could not announce this worker');
    });
  }, ANNOUNCE_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      meter?.stop();
      await records.withdraw(id);
    },
  };
}
