import { setTimeout as wait } from 'node:timers/promises';
import type { JobId } from '@styleflow/contracts';
import { openScoreLoad, type ScoreLoad } from './score-load.js';
import { startSimulatedWorkers } from './simulated-workers.js';

const WORKERS = [1, 2, 4, 8, 16, 32, 64];
/**
 * A slow device, so that this machine's few cores can play host to dozens of workers: clips are really fetched and
 * decoded, which costs a core some 50 ms each.
 */
const DEVICE = { runMs: 0, clipMs: 3000, maxBatch: 2 };
/** Of each worker, so that starting and ending are a small part of it. */
const CLIPS_A_WORKER = 16;
/** The steady part of a run that the rate is taken from. */
const [FROM, TO] = [0.2, 0.8];

export interface ScalingPoint {
  readonly workers: number;
  readonly clipsPerSecond: number;
  /** Rate divided by the number of workers times what one device can do. */
  readonly efficiency: number;
}

/** Clips per second of 1, 2, 4, … 64 simulated devices, against the ideal. */
export async function benchWorkerScaling(
  say: (line: string) => void,
  largest: number,
): Promise<readonly ScalingPoint[]> {
  const points: ScalingPoint[] = [];
  for (const workers of WORKERS.filter((count) => count <= largest)) {
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
    for (const clip of clips) await load.queueClip(clip);
    return await steadyRate(load, [...new Set(clips.map(({ job }) => job))], clips.length);
  } finally {
    await workers.stop();
  }
}

/**
 * Clips per second between two moments of the steady part: those at which a fifth and four fifths of the clips were first
 * seen to be scored. (A line through all samples would read the stairs of whole batches as a smaller slope.)
 */
async function steadyRate(load: ScoreLoad, jobs: readonly JobId[], total: number): Promise<number> {
  const seen: { clips: number; seconds: number }[] = [];
  for (let clips = 0; clips < total * TO; await wait(50)) {
    clips = await load.countScored(jobs);
    const last = seen.at(-1);
    if (clips >= total * FROM && clips !== last?.clips) seen.push({ clips, seconds: performance.now() / 1000 });
  }
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last || first === last) throw new Error('too few clips for a rate');
  return (last.clips - first.clips) / (last.seconds - first.seconds);
}
