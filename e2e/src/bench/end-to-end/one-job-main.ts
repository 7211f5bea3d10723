import { startSystem } from '../../system/system.js';
import { megabytes, watchMemory } from '../peak-memory.js';
import { cpuSeconds } from '../scale/process-cost.js';

const NAMES = ['api', 'cpuWorker', 'gpuWorker'] as const;
const JOBS = 4;

type PerProcess = Readonly<Record<(typeof NAMES)[number], number>>;

/** What one job took, from its submission until the client knew its end. */
interface JobCost {
  readonly wallSeconds: number;
  /** Processor seconds. The CPU worker's include those of ffmpeg. */
  readonly cpuSeconds: PerProcess;
  /** Seconds of the prepare stage by step. Steps overlap. */
  readonly steps: Readonly<Record<string, number>>;
  readonly clips: number;
}

export interface SystemCost {
  /** One after the other. */
  readonly jobs: readonly JobCost[];
  /**
   * Peak of each process with its children. Measured during one more job, because sampling memory this often takes time
   * from a core.
   */
  readonly peakMegabytes: PerProcess;
}

/**
 * Starts a system, sends it the same video several times, one after the other, and prints the cost of each job as JSON.
 */
const [, , bundle = '', video = '', threads = '1'] = process.argv;
const system = await startSystem({
  STYLEFLOW_BUNDLE: bundle,
  STYLEFLOW_THREADS: threads,
  STYLEFLOW_DECODE_THREADS: threads,
  // The face networks are too small for two threads: the second one would only take time from the scoring.
  STYLEFLOW_DETECT_THREADS: '1',
  STYLEFLOW_LOCK_SECONDS: '30',
  // On the CPU larger tensor batches save 5 % of the time and take a gigabyte more for each clip.
  STYLEFLOW_MAX_BATCH: '1',
});
try {
  const jobs: JobCost[] = [];
  for (let job = 0; job < JOBS; job++) jobs.push(await costOfJob());
  const peakMegabytes = await memoryOfJob();
  process.stdout.write(JSON.stringify({ jobs, peakMegabytes } satisfies SystemCost));
} finally {
  await system.stop();
}

async function memoryOfJob(): Promise<PerProcess> {
  const watches = NAMES.map((name) => watchMemory(() => system[name].pid, 50));
  await costOfJob();
  for (const watch of watches) watch.stop();
  return perProcess((name) => megabytes(watches[NAMES.indexOf(name)]?.peak() ?? 0));
}

async function costOfJob(): Promise<JobCost> {
  const before = await usedSeconds();
  const startedAt = performance.now();
  const { id } = await system.client.submitFile(video, {});
  const { status } = await system.client.wait(id);
  const wallSeconds = (performance.now() - startedAt) / 1000;
  if (status !== 'succeeded') throw new Error(`the job ended ${status}`);
  const after = await usedSeconds();
  const { faces, timings } = await system.client.result(id);
  return {
    wallSeconds,
    cpuSeconds: perProcess((name) => Number((after[name] - before[name]).toFixed(2))),
    steps: timings.steps,
    clips: faces.reduce((sum, face) => sum + face.clips.length, 0),
  };
}

async function usedSeconds(): Promise<PerProcess> {
  const used = await Promise.all(NAMES.map((name) => cpuSeconds(system[name].pid)));
  return perProcess((name) => {
    const { all = 0, descendants = 0 } = used[NAMES.indexOf(name)] ?? {};
    return all + descendants;
  });
}

function perProcess(of: (name: (typeof NAMES)[number]) => number): PerProcess {
  return { api: of('api'), cpuWorker: of('cpuWorker'), gpuWorker: of('gpuWorker') };
}
