import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StyleFlowClient } from '@styleflow/client';
import { startEmbeddedSystem } from '../embedded/embedded-system.js';
import { privateEnvironment } from '../embedded/private-environment.js';
import { inheritedEnv } from '../env.js';
import { watchInterruption } from './interruption.js';

/** Short, since nothing of a temporary system is kept, so nothing has to be drained. */
const GRACE_MS = 2_000;

/**
 * Starts a system, runs `task` with it, then stops it and deletes all that it has stored, also after Ctrl-C. So the
 * task must end when its signal aborts.
 */
export async function withTemporarySystem<T>(
  bundle: string | undefined,
  task: (client: StyleFlowClient, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const say = (sentence: string): boolean => process.stderr.write(`${sentence}\n`);
  const { signal, release } = watchInterruption('interrupted; nothing is left running');
  signal.addEventListener('abort', () => say('stopping …'));
  const dataFolder = await mkdtemp(join(tmpdir(), 'styleflow-'));
  try {
    // The scratch folder lies in the data folder, so that it is deleted, too: a worker that is killed leaves files in
    // it.
    const env = { STYLEFLOW_SCRATCH_DIR: join(dataFolder, 'scratch'), ...privateEnvironment(inheritedEnv) };
    const options = { dataFolder, port: 0, bundle, env, say, signal, graceMs: GRACE_MS };
    const system = await startEmbeddedSystem(options);
    try {
      return await task(new StyleFlowClient({ api: system.apiUrl }), signal);
    } finally {
      await system.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
    release();
  }
}
