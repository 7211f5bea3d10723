import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobOptionsSchema, mintJobId, PreparedSchema, toJobError } from '@styleflow/contracts';
import { detectorModel, openPrepareThreads, type PrepareThread, prepareLimits, readEnv } from '@styleflow/cpu-worker';
import { createLogger } from '@styleflow/runtime';
import { openObjectStore, preparedKey } from '@styleflow/storage';
import { cpuSeconds } from '../scale/process-cost.js';
import type { VideoCost } from './video-cost.js';

/**
 * Runs the prepare stage of one video in a thread as a CPU worker does, with a file store, and prints its cost as JSON.
 * There is no queue, so the figures belong to the stage alone. There is no scoring, so decoding is never held back.
 */
const [, , video = '', options = '{}'] = process.argv;
const folder = await mkdtemp(join(tmpdir(), 'styleflow-prepare-'));
try {
  process.stdout.write(JSON.stringify(await costOf(video)));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function costOf(path: string): Promise<VideoCost> {
  const env = readEnv({ ...process.env, STYLEFLOW_STORE: `file:${join(folder, 'store')}` });
  const store = await openObjectStore(env);
  const logger = createLogger('bench', 'warn');
  const detector = await detectorModel(env.STYLEFLOW_DETECTOR);
  const threads = await openPrepareThreads({ store: env, detector, limits: prepareLimits(env) }, logger);
  const run = { job: mintJobId(), run: 1 };
  const scratch = join(folder, 'scratch');
  await mkdir(scratch);
  const before = await cpuSeconds(process.pid);
  const startedAt = performance.now();
  try {
    const done = await threads.lend(async (thread) => {
      const { size: bytes } = await stat(path);
      const source = { file: path, bytes, sha256: '0'.repeat(64), contentType: null, fetchSeconds: 0 };
      const task = { ...run, source, folder: scratch };
      await thread.start({ ...task, options: JobOptionsSchema.parse(JSON.parse(options)) });
      return follow(thread);
    });
    const wallSeconds = (performance.now() - startedAt) / 1000;
    const after = await cpuSeconds(process.pid);
    const account = PreparedSchema.parse(JSON.parse(String(await store.get(preparedKey(run.job, run.run)))));
    const { size } = await stat(path);
    return {
      outcome: 'prepared',
      ...done,
      wallSeconds,
      workerCpuSeconds: after.all - before.all,
      ffmpegCpuSeconds: after.endedChildren - before.endedChildren,
      bytesSource: size,
      video: account.video,
      tracks: account.tracks,
    };
  } catch (error) {
    const { code, message } = toJobError(error);
    return { outcome: 'refused', code, message, wallSeconds: (performance.now() - startedAt) / 1000 };
  } finally {
    await threads.close();
    await store.close();
  }
}

async function follow(thread: PrepareThread) {
  for (;;) {
    const event = await thread.next();
    if (event.type === 'prepared') {
      const { frames, clips, bytesStored, facesDetected, warps, steps } = event;
      return { frames, clips, bytesStored, facesDetected, warps, steps };
    }
  }
}
