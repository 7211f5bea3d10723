import { until } from '@styleflow/testing';
import { openScoreLoad } from './score-load.js';
import { startSimulatedWorkers } from './simulated-workers.js';

/** A device so fast that nothing ever waits for it. */
const DEVICE = { runMs: 1, clipMs: 0, maxBatch: 8 };
const CLIPS = 600;
const THREADS = [1, 2, 4, 8];

/** Measures how many clips a second one worker can bring to its device, by the number of its unpacking threads. */
export async function benchFeeding(say: (line: string) => void): Promise<Record<string, unknown>> {
  const figures: Record<string, number> = {};
  for (const threads of THREADS) {
    const load = await openScoreLoad();
    try {
      const workers = await startSimulatedWorkers(load, 1, DEVICE, { STYLEFLOW_UNPACK_THREADS: String(threads) });
      const clips = await load.makeClips(CLIPS, workers.bundle);
      const jobs = [...new Set(clips.map(({ job }) => job))];
      const startedAt = performance.now();
      await Promise.all(clips.map((clip) => load.queueClip(clip)));
      await until('every clip is scored', async () => (await load.countScored(jobs)) === CLIPS, { timeoutMs: 600_000 });
      const clipsPerSecond = (CLIPS * 1000) / (performance.now() - startedAt);
      await workers.stop();
      figures[threads] = clipsPerSecond;
      say(`${threads} unpacking threads: ${clipsPerSecond.toFixed(1)} clips/s`);
    } finally {
      await load.close();
    }
  }
  return figures;
}
