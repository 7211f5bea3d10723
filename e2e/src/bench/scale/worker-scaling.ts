import { scoreQueueName } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { openScoreLoad, type ScoreLoad } from './score-load.js';
import { startSimulatedWorkers } from './simulated-workers.js';

/**
 * Slow devices, the slower the more there are, so that this machine's few cores can play host to dozens of workers: clips are
 * really fetched and decoded, which costs some 110 ms of a core each, and 8 clips a second are as many as two cores bear.
 */
const deviceOf = (workers: number) => ({ runMs: 0, clipMs: Math.max(3000, 125 * workers), maxBatch: 2 });
/** Of each worker: 8 tensor batches. */
const CLIPS_A_WORKER = 16;
/**
 * The steady part of a run that the rate is taken from. Workers that started together end their batches together, so the
 * count climbs in stairs: these shares are whole steps of it.
 */
const [FROM, TO] = [2 / 8, 6 / 8];

export interface ScalingPoint {
  readonly workers: number;
  readonly clipsPerSecond: number;
  /** Rate divided by the number of workers times what one device can do. */
  readonly efficiency: number;
}

/** Clips per second of so many simulated devices that are never short of clips, against the ideal. */
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
    // Dozens of workers share this machine.
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
    // All clips wait before the first is taken, and all workers start together.
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
