import { until } from '@styleflow/testing';
import { openScoreLoad, type ScoreLoad } from './score-load.js';
import { startSimulatedWorkers } from './simulated-workers.js';

/**
 * A slow device, so that this machine's few cores can play host to dozens of workers: clips are really fetched and
 * decoded, which costs a core some 50 ms each.
 */
const DEVICE = { runMs: 0, clipMs: 3000, maxBatch: 2 };
/** Of each worker: starting and ending, a fraction of a second, count as loss. */
const CLIPS_A_WORKER = 8;

export interface ScalingPoint {
  readonly workers: number;
  readonly clipsPerSecond: number;
  /** Rate divided by the number of workers times what one device can do. */
  readonly efficiency: number;
}

/** Clips per second of so many simulated devices, from the first clip queued to the last one counted, against the ideal. */
export async function benchWorkerScaling(
  say: (line: string) => void,
  counts: readonly number[],
): Promise<readonly ScalingPoint[]> {
  const points: ScalingPoint[] = [];
  for (const workers of counts) {
    const load = await openScoreLoad();
    try {
      const clipsPerSecond = await measure(load, workers);
      const ideal = (workers * 1000) / DEVICE.clipMs;
      points.push({ workers, clipsPerSecond, efficiency: clipsPerSecond / ideal });
      say(
        `${workers} workers: ${clipsPerSecond.toFixed(2)} clips/s, ${((clipsPerSecond / ideal) * 100).toFixed(1)} % of the ideal`,
      );
    } finally {
      await load.close();
    }
  }
  return points;
}

async function measure(load: ScoreLoad, count: number): Promise<number> {
  const workers = await startSimulatedWorkers(load, count, DEVICE, {
    STYLEFLOW_BATCH_WAIT_MS: '10',
    // Dozens of workers share this machine.
    STYLEFLOW_UNPACK_THREADS: '1',
  });
  try {
    const clips = await load.makeClips(count * CLIPS_A_WORKER, workers.bundle);
    const jobs = [...new Set(clips.map(({ job }) => job))];
    const startedAt = performance.now();
    await Promise.all(clips.map((clip) => load.queueClip(clip)));
    await until('every clip is scored', async () => (await load.countScored(jobs)) === clips.length, {
      timeoutMs: 600_000,
    });
    return (clips.length * 1000) / (performance.now() - startedAt);
  } finally {
    await workers.stop();
  }
}
