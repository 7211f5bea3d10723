import { JobError } from '@styleflow/contracts';
import type { GpuDevice } from '@styleflow/inference';

/** What to do instead. */
export const WITHOUT_A_CARD =
  'Without a card, start one worker on the CPU: `npx styleflow gpu-worker`, without --all (STYLEFLOW_EXECUTION_PROVIDERS=cpu, the default).';

/** The settings of one card's worker that differ from those of the others. */
export interface GpuPlan {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Plans one worker for each card whose name contains `wanted`. Each is bound to its card by UUID. Their admin ports
 * count up from `adminPort`; where that is absent or 0, it stays so for all.
 * @throws JobError `internal`, not retryable, when no card has the name.
 */
export function planWorkers(
  gpus: readonly GpuDevice[],
  { wanted, adminPort }: { readonly wanted: string; readonly adminPort?: number | undefined },
): GpuPlan[] {
  const wantedGpus = gpus.filter(({ name }) => name.includes(wanted));
  if (wantedGpus.length === 0) {
    const found = gpus.map(({ index, name }) => `${index} ${name}`).join(', ');
    const remedy =
      found === ''
        ? `this machine shows no card: see whether \`nvidia-smi\` lists one. ${WITHOUT_A_CARD}`
        : `set STYLEFLOW_GPU_NAME to a part of the name of the cards that are here: ${found}`;
    throw new JobError('internal', `no card's name contains "${wanted}" (STYLEFLOW_GPU_NAME); ${remedy}`, {
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
