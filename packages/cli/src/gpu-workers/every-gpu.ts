import { JobError } from '@styleflow/contracts';
import type { GpuDevice } from '@styleflow/inference';

/** One worker a card: what its process is told beyond what all share. */
export interface GpuPlan {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Plans one worker for each card whose name contains `wanted`, each pinned by UUID, each with an admin port of its own,
 * counted up from `adminPort` (absent or 0: as it is).
 * @throws JobError `internal`, not retryable, when no card has the name.
 */
export function planWorkers(
  gpus: readonly GpuDevice[],
  { wanted, adminPort }: { readonly wanted: string; readonly adminPort?: number | undefined },
): GpuPlan[] {
  const wantedGpus = gpus.filter(({ name }) => name.includes(wanted));
  if (wantedGpus.length === 0) {
    const found = gpus.map(({ index, name }) => `${index} ${name}`).join(', ') || 'none';
    throw new JobError('internal', `no card's name contains "${wanted}" (STYLEFLOW_GPU_NAME); cards: ${found}`, {
      retryable: false,
    });
  }
  return wantedGpus.map(({ index, uuid }, place) => ({
    name: `gpu-worker on card ${index}`,
    env: {
      STYLEFLOW_GPU_DEVICE: uuid,
      ...(adminPort && { STYLEFLOW_ADMIN_PORT: String(adminPort + place) }),
    },
  }));
}
