import { scoreQueueName } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { openScoreLoad, type ScoreLoad } from './score-load.js';
import { startSimulatedWorkers } from './simulated-workers.js';

/**
 * Devices that are slower the more of them there are, so that a few cores can run dozens of workers. The workers really
 * fetch and decode clips, which takes some 110 ms of a core for each, so two cores can serve about 8 clips a second,
 * the devices' total (docs/operations/capacity.md).
 */
const deviceOf = (workers: number) => ({ runMs: 0, clipMs: Math.max(3000, 125 * workers), maxBatch: 2 });
/** Clips for each worker: 8 tensor batches. */
const CLIPS_A_WORKER = 16;
/**
 * The steady part of a run, from which the rate is taken. Workers that started together end their batches together, so
 * the count rises in steps. These shares are whole steps.
 */
const [FROM, TO] = [2 / 8, 6 / 8];

export interface ScalingPoint {
  readonly workers: number;
  readonly clipsPerSecond: number;
  /** The rate, divided by what that many devices could do. */
  readonly efficiency: number;
}

/** Measures clips a second of `workers` simulated devices that always have clips, against the ideal. */
export async function benchWorkerScaling(
  say: (line: string) => void,
  counts: readonly number[],
): Promise<readonly ScalingPoint[]> {
  const points: ScalingPoint[] = [];
  for (const workers of counts) {
    const load = await openScoreLoad();
    try {
      const clipsPerSecond = await measure(load, workers, say);
      const ideal = (workers * 1000) / deviceOf(workers).clipMs;
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

async function measure(load: ScoreLoad, count: number, say: (line: string) => void): Promise<number> {
  const workers = await startSimulatedWorkers(load, count, deviceOf(count), {
    STYLEFLOW_BATCH_WAIT_MS: '10',
    // Few threads for each, because dozens of workers share this machine.
    STYLEFLOW_UNPACK_THREADS: '1',
  });
  try {
    const clips = await load.makeClips(count * CLIPS_A_WORKER, workers.bundle);
    say(`${count} workers wait for ${clips.length} clips`);
    const jobs = [...new Set(clips.map(({ job }) => job))];
    const scored = async (share: number): Promise<number> => {
      await until(
        `${share} of the clips are scored`,
        async () => (await load.countScored(jobs)) >= share * clips.length,
        { timeoutMs: 600_000 },
      );
      return performance.now();
    };
    // All clips wait before the first is taken, and all workers start at the same time.
    const queue = scoreQueueName(workers.bundle.digest.slice(0, 12));
    await until('the queue is known', () => load.connection.inspector.pause(queue).then(() => true));
    for (const clip of clips) await load.queueClip(clip);
    await load.connection.inspector.resume(queue);
    const from = await scored(FROM);
    const to = await scored(TO);
    await scored(1);
    return ((TO - FROM) * clips.length * 1000) / (to - from);
  } finally {
    await workers.stop();
  }
}
