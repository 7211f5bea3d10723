import type { ServableBundle } from '@styleflow/bundles';
import { type BundleFacts, type GpuFacts, scoreQueueName, type WorkerFacts } from '@styleflow/contracts';
import type { ExecutionProvider, GpuDevice } from '@styleflow/inference';
import { type Announcements, type Announcer, startAnnouncer } from '@styleflow/queue';
import type { Health, Logger } from '@styleflow/runtime';
import { type GpuReading, startGpuMeter } from './gpu-meter.js';

export interface Announcement {
  readonly announcements: Announcements;
  readonly logger: Logger;
  readonly health: () => Health;
  readonly facts: Pick<WorkerFacts, 'bundle' | 'queue' | 'provider' | 'gpu'>;
  /** The bundle that the worker serves; null until it does. */
  readonly served?: () => BundleFacts | null;
  /** The worker's present load, asked for at each announcement. */
  readonly load: () => Pick<WorkerFacts, 'slots' | 'clipsPerSecond'>;
  /** The card whose memory and load are measured; null on the CPU. */
  readonly gpu: GpuDevice | null;
  readonly everyMs?: number;
}

/** Announces this worker, with what its card reports, until `stop`. The first announcement must succeed. */
export async function announceWorker(announcement: Announcement): Promise<Announcer> {
  const { announcements, logger, health, facts, load, gpu, served, everyMs } = announcement;
  const meter = gpu === null ? undefined : startGpuMeter(gpu.uuid, logger);
  const starting = startAnnouncer({
    announcements,
    logger,
    kind: 'gpu-worker',
    facts: () => ({
      health: health(),
      ...facts,
      ...load(),
      ...(gpu !== null && { card: gpuFacts(gpu, meter?.latest() ?? null) }),
    }),
    ...(served !== undefined && { served }),
    ...(everyMs !== undefined && { everyMs }),
  });
  const announcer = await starting.catch((error: unknown) => {
    meter?.stop();
    throw error;
  });
  return {
    tell: announcer.tell,
    async stop() {
      meter?.stop();
      await announcer.stop();
    },
  };
}

/** The facts about the worker's bundle that `/v1/system` shows. */
export function visibleFacts(
  { id, digest, variant, manifest }: ServableBundle,
  provider: ExecutionProvider,
  gpu: string | undefined,
) {
  const { trained, threshold } = manifest;
  const queue = scoreQueueName(digest.slice(0, 12));
  return { bundle: { id, digest, variant, trained, threshold }, queue, provider, ...(gpu !== undefined && { gpu }) };
}

function gpuFacts({ uuid, memoryBytes }: GpuDevice, reading: GpuReading | null): GpuFacts {
  const { memoryUsedBytes = null, utilization = null } = reading ?? {};
  return { uuid, memoryBytes, memoryUsedBytes, utilization };
}
