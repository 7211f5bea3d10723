import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isEnded } from '@styleflow/contracts';
import { makeVideo } from '@styleflow/testing';
import { startSystem } from '../system/system.js';
import { megabytes, watchMemory } from './peak-memory.js';

const run = promisify(execFile);

/**
 * Prepares all frames of a video of `minutes` at 1280×720. Reports the peak memory of the CPU worker with its ffmpeg,
 * and how much the store holds meanwhile. The video is one short recording in a loop, which is not encoded again.
 */
export async function benchLongVideo(say: (line: string) => void, minutes: number): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-long-'));
  const system = await startSystem({
    STYLEFLOW_MAX_BATCH: '4',
    STYLEFLOW_LOCK_SECONDS: '30',
    STYLEFLOW_MAX_DECODE_S: '7200',
  });
  const memory = watchMemory(() => system.cpuWorker.pid, 500);
  try {
    const short = await makeVideo({ frames: 1000, size: { width: 1280, height: 720 } });
    const path = join(folder, 'long.mp4');
    const seconds = minutes * 60;
    await run('ffmpeg', [
      '-v',
      'error',
      '-nostdin',
      '-stream_loop',
      '-1',
      '-i',
      short,
      '-t',
      String(seconds),
      '-c',
      'copy',
      path,
    ]);
    const startedAt = performance.now();
    const job = await system.client.submitFile(path, { options: { maxFrames: 0 } });
    let biggestStore = 0;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      const now = await system.client.job(job.id);
      const stored = await diskUse(join(system.folder, 'store'));
      biggestStore = Math.max(biggestStore, stored);
      const elapsed = (performance.now() - startedAt) / 60_000;
      const { framesDecoded, clipsPlanned, clipsScored } = now.progress;
      say(
        `${elapsed.toFixed(1)} min · ${now.status} · ${framesDecoded} frames · ${clipsScored}/${clipsPlanned} clips · peak ${megabytes(memory.peak())} MB · store ${megabytes(stored)} MB`,
      );
      if (isEnded(now.status)) {
        return {
          status: now.status,
          error: now.error,
          minutesTaken: elapsed,
          framesDecoded,
          clipsScored,
          framesPerSecond: framesDecoded / (elapsed * 60),
          peakMegabytes: megabytes(memory.peak()),
          biggestStoreMegabytes: megabytes(biggestStore),
        };
      }
    }
  } finally {
    memory.stop();
    await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Disk use of a folder. `du` fails when a clip is deleted while it counts, but prints its sum nevertheless. */
async function diskUse(folder: string): Promise<number> {
  const { stdout } = await run('sh', ['-c', 'du -sk "$0" 2>/dev/null || true', folder]);
  return Number(stdout.split('\t')[0]) * 1024;
}
