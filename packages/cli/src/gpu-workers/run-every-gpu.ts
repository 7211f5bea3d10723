import { fileURLToPath } from 'node:url';
import { JobError } from '@styleflow/contracts';
import { listGpus } from '@styleflow/inference';
import { createLogger, runUntilShutdown, sayReady } from '@styleflow/runtime';
import { SupervisedProcess } from '../embedded/supervised-process.js';
import { inheritedEnv } from '../env.js';
import { readEnv } from './env.js';
import { planWorkers, WITHOUT_A_CARD } from './every-gpu.js';

/** How much longer than its own grace a worker may take to end. */
const MARGIN_MS = 10_000;

/** The cards of this machine. @throws JobError, with what to do instead, where nobody can tell. */
async function listCards(): ReturnType<typeof listGpus> {
  try {
    return await listGpus();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JobError('internal', `${reason} ${WITHOUT_A_CARD}`, { cause, retryable: false });
  }
}

/**
 * `styleflow gpu-worker --all`: runs one worker for each card of the right name. A worker that dies or does not start
 * is started again, and the others go on, so that one broken card does not stop them. All logs are written to stderr.
 * @throws JobError when there is no such card, or when no worker can start.
 */
export async function runEveryGpu(): Promise<void> {
  const settings = readEnv();
  const adminPort = settings.STYLEFLOW_ADMIN_PORT;
  const graceMs = settings.STYLEFLOW_SHUTDOWN_GRACE_SECONDS * 1000 + MARGIN_MS;
  const plans = planWorkers(await listCards(), { wanted: settings.STYLEFLOW_GPU_NAME, adminPort });
  const module = fileURLToPath(import.meta.resolve('@styleflow/gpu-worker/main'));
  const say = (sentence: string): boolean => process.stderr.write(`${sentence}\n`);
  const workers = plans.map(
    ({ name, env }) =>
      new SupervisedProcess({ name, module, env: { ...inheritedEnv, ...env }, log: process.stderr, say }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.stop(graceMs)));
  };
  runUntilShutdown(createLogger('gpu-workers', 'warn'), stop);
  const starts = await Promise.allSettled(
    workers.map(async (worker, place) => {
      await worker.start();
      say(`${plans[place]?.name} is ready`);
    }),
  );
  const failures = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason] : []));
  // When no worker could start, the reason is common to all, such as a wrong setting, and not one card.
  if (failures.length === workers.length) throw failures[0];
  starts.forEach((start, place) => {
    if (start.status === 'fulfilled') return;
    say(`${start.reason instanceof Error ? start.reason.message : start.reason}; trying again`);
    workers[place]?.startLater();
  });
  sayReady(adminPort ?? null);
}
