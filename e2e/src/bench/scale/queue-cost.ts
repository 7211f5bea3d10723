import { until } from '@styleflow/testing';
import { cpuSeconds } from './process-cost.js';
import { redisFigures } from './redis-figures.js';
import { openScoreLoad } from './score-load.js';
import { startSimulatedWorkers } from './simulated-workers.js';

/** A device that takes almost no time, so that everything else shows. */
const DEVICE = { runMs: 1, clipMs: 0, maxBatch: 8 };
const CLIPS = 600;

/** What one clip costs apart from the device, between being queued and being counted. */
export interface QueueCost {
  readonly clips: number;
  readonly clipsPerSecond: number;
  /** Of the worker's main thread, which has the queue, the locks and the records. */
  readonly queueCpuMsPerClip: number;
  /** Of the whole worker, which also fetches, decodes, stacks and stores. */
  readonly workerCpuMsPerClip: number;
  /** With the commands that add the clip. */
  readonly redisCommandsPerClip: number;
  readonly redisCpuMsPerClip: number;
}

/** Runs one simulated worker that always has clips. */
export async function benchQueueCost(say: (line: string) => void): Promise<QueueCost> {
  const load = await openScoreLoad();
  try {
    const workers = await startSimulatedWorkers(load, 1, DEVICE);
    const [worker] = workers.processes;
    if (!worker) throw new Error('no worker was started');
    const clips = await load.makeClips(CLIPS, workers.bundle);
    const jobs = [...new Set(clips.map(({ job }) => job))];
    const [cpu, redis] = [await cpuSeconds(worker.pid), await redisFigures(load.redis)];
    const startedAt = performance.now();
    for (const clip of clips) await load.queueClip(clip);
    let polls = 0;
    await until(
      'every clip is scored',
      async () => {
        polls += jobs.length;
        return (await load.countScored(jobs)) === CLIPS;
      },
      { timeoutMs: 600_000 },
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const [cpuAfter, redisAfter] = [await cpuSeconds(worker.pid), await redisFigures(load.redis)];
    await workers.stop();
    const cost = {
      clips: CLIPS,
      clipsPerSecond: CLIPS / seconds,
      queueCpuMsPerClip: ((cpuAfter.mainThread - cpu.mainThread) * 1000) / CLIPS,
      workerCpuMsPerClip: ((cpuAfter.all - cpu.all) * 1000) / CLIPS,
      redisCommandsPerClip: (redisAfter.commands - redis.commands - polls) / CLIPS,
      redisCpuMsPerClip: ((redisAfter.cpuSeconds - redis.cpuSeconds) * 1000) / CLIPS,
    };
    say(
      `a clip costs ${cost.queueCpuMsPerClip.toFixed(2)} ms for the queue, ${cost.workerCpuMsPerClip.toFixed(1)} ms in all, ` +
        `${cost.redisCommandsPerClip.toFixed(1)} Redis commands, ${cost.redisCpuMsPerClip.toFixed(2)} ms of Redis`,
    );
    return cost;
  } finally {
    await load.close();
  }
}
