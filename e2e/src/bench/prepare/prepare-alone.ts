import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { JobOptionsSchema, mintJobId, PreparedSchema, toJobError } from '@styleflow/contracts';
import { detectorModel, openPrepareThreads, type PrepareThread, prepareLimits, readEnv } from '@styleflow/cpu-worker';
import { startLauncher } from '@styleflow/media/launcher';
import { createLogger } from '@styleflow/runtime';
import { openObjectStore, preparedKey } from '@styleflow/storage';
import { cpuSeconds } from '../scale/process-cost.js';
import type { VideoCost } from './video-cost.js';

/** The prepare stage by itself, in a thread as a CPU worker has it, with a file store. */
export interface PrepareAlone {
  /** Prepares one video. Decoding is never held back, since nothing is scored. */
  costOf(path: string, options: unknown): Promise<VideoCost>;
  close(): Promise<void>;
}

/** @param folder where store and scratch space are made */
export async function openPrepareAlone(folder: string): Promise<PrepareAlone> {
  startLauncher();
  const env = readEnv({ ...process.env, STYLEFLOW_STORE: `file:${join(folder, 'store')}` });
  const store = await openObjectStore(env);
  const logger = createLogger('bench', 'warn');
  const detector = await detectorModel(env.STYLEFLOW_DETECTOR);
  const threads = await openPrepareThreads({ store: env, detector, limits: prepareLimits(env) }, logger);
  const scratch = join(folder, 'scratch');
  await mkdir(scratch);

  async function costOf(path: string, options: unknown): Promise<VideoCost> {
    const run = { job: mintJobId(), run: 1 };
    const before = await cpuSeconds(process.pid);
    const startedAt = performance.now();
    const own = await mkdtemp(join(scratch, 'video-'));
    try {
      const { size } = await stat(path);
      const done = await threads.lend(async (thread) => {
        const source = { file: path, bytes: size, sha256: '0'.repeat(64), contentType: null, fetchSeconds: 0 };
        const kept = { preview: false, keepsSource: false };
        await thread.start({ ...run, source, folder: own, options: JobOptionsSchema.parse(options), ...kept });
        return follow(thread);
      });
      const wallSeconds = (performance.now() - startedAt) / 1000;
      const after = await cpuSeconds(process.pid);
      const account = PreparedSchema.parse(JSON.parse(String(await store.get(preparedKey(run.job, run.run)))));
      return {
        outcome: 'prepared',
        ...done,
        wallSeconds,
        workerCpuSeconds: after.all - before.all,
        ffmpegCpuSeconds: after.descendants - before.descendants,
        bytesSource: size,
        video: account.video,
        tracks: account.tracks,
      };
    } catch (error) {
      const { code, message } = toJobError(error);
      return { outcome: 'refused', code, message, wallSeconds: (performance.now() - startedAt) / 1000 };
    } finally {
      await rm(own, { recursive: true, force: true });
    }
  }

  return {
    costOf,
    async close() {
      await threads.close();
      await store.close();
    },
  };
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
