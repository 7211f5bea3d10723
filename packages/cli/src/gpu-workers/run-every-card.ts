import { fileURLToPath } from 'node:url';
import { listGpus } from '@styleflow/inference';
import { createLogger, runUntilShutdown, sayReady } from '@styleflow/runtime';
import { SupervisedProcess } from '../embedded/supervised-process.js';
import { inheritedEnv } from '../env.js';
import { readEnv } from './env.js';
import { planWorkers } from './every-card.js';

/** What a worker may take beyond its own grace to say goodbye. */
const MARGIN_MS = 10_000;

/**
 * `styleflow gpu-worker --all`: one process per card of the right name, each started again when it dies. Their logs
 * come out together on stderr.
 * @throws JobError when there is no such card or a worker cannot start; those that had started are stopped then.
 */
export async function runEveryCard(): Promise<void> {
  const settings = readEnv();
  const adminPort = settings.STYLEFLOW_ADMIN_PORT;
  const graceMs = settings.STYLEFLOW_SHUTDOWN_GRACE_SECONDS * 1000 + MARGIN_MS;
  const plans = planWorkers(await listGpus(), { wanted: settings.STYLEFLOW_GPU_NAME, adminPort });
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
  try {
    await Promise.all(workers.map((worker) => worker.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  for (const { name } of plans) say(`${name} is ready`);
  sayReady(adminPort ?? null);
}
