import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { GpuFacts, WorkerFacts } from '@styleflow/contracts';
import type { GpuDevice } from '@styleflow/inference';
import type { JobRecords } from '@styleflow/queue';
import { type Health, type Logger, VERSION } from '@styleflow/runtime';
import { type GpuReading, startGpuMeter } from './gpu-meter.js';

/** The records keep facts for a minute: three announcements may be lost. */
const ANNOUNCE_EVERY_MS = 15_000;

export interface Announcement {
  readonly records: JobRecords;
  readonly logger: Logger;
  readonly health: () => Health;
  readonly facts: Pick<WorkerFacts, 'bundle' | 'queue' | 'provider' | 'gpu'>;
  /** What has changed since the last announcement. */
  readonly load: () => Pick<WorkerFacts, 'slots' | 'clipsPerSecond'>;
  /** The card whose memory and load are measured; null on the CPU. */
  readonly gpu: GpuDevice | null;
  readonly everyMs?: number;
}

/**
 * Keeps this worker visible until `stop`. The first announcement must succeed; later ones and the farewell may miss an
 * outage: what is known of a silent worker fades within a minute.
 */
export async function announceWorker(
  announcement: Announcement,
): Promise<{ /** Announces a change at once. */ tell(): Promise<void>; stop(): Promise<void> }> {
  const { records, logger, health, facts, load, gpu, everyMs = ANNOUNCE_EVERY_MS } = announcement;
  const id = randomUUID();
  const startedAt = new Date().toISOString();
  const meter = gpu === null ? undefined : startGpuMeter(gpu.uuid, logger);
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
      ...load(),
      ...(gpu !== null && { card: gpuFacts(gpu, meter?.latest() ?? null) }),
    });
  await announce();
  const tell = (): Promise<void> =>
    announce().catch((error: unknown) => {
      logger.warn({ err: error }, 'could not announce this worker');
    });
  const timer = setInterval(() => void tell(), everyMs);
  return {
    tell,
    async stop() {
      clearInterval(timer);
      meter?.stop();
      await records.withdraw(id).catch((error: unknown) => {
        logger.warn({ err: error }, 'could not withdraw this worker');
      });
    },
  };
}

function gpuFacts({ uuid, memoryBytes }: GpuDevice, reading: GpuReading | null): GpuFacts {
  const { memoryUsedBytes = null, utilization = null } = reading ?? {};
  return { uuid, memoryBytes, memoryUsedBytes, utilization };
}
