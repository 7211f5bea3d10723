import { builtInClips } from '@styleflow/bundles/verify';
import { type ExecutionProvider, isOutOfMemory, listGpus, openSession, sayFallback } from '@styleflow/inference';

/** The task of one process: a graph, and the numbers of clips to run at once, in order. */
export interface DeviceTask {
  readonly path: string;
  readonly providers: readonly ExecutionProvider[];
  readonly batches: readonly number[];
  readonly rounds: number;
}

/** What the process reports. */
export interface DeviceRun {
  readonly loadSeconds: number;
  /** Number of nodes by provider. */
  readonly nodes: Readonly<Record<string, number>>;
  /** A sentence about nodes that the device did not take; null when it took all. */
  readonly fallback: string | null;
  readonly runs: readonly BatchRun[];
  /** Logits of the first batch, whose clips are the same in every process. */
  readonly logits: readonly number[];
}

interface BatchRun {
  readonly batch: number;
  /** Seconds of the first run of this size, with the search for convolution algorithms. */
  readonly firstSeconds: number;
  /** Median of the other runs, with the way to the device and back. */
  readonly seconds: number;
  /** Memory in use on the whole card; 0 on the CPU. */
  readonly deviceMegabytes: number;
}

const task = JSON.parse(process.argv[2] ?? '{}') as DeviceTask;
const usesCard = task.providers[0] !== 'cpu';
const startedAt = performance.now();
const counting = await openSession(task.path, { providers: task.providers, countsNodes: true });
const loadSeconds = (performance.now() - startedAt) / 1000;
const [least = 1] = task.batches;
const first = await counting.run({ clips: clipsOf(least) });
const logits = [...((first.logit?.data ?? []) as Float32Array)];
const { placement, provider } = counting;
const runs: BatchRun[] = [];
for (const batch of task.batches) {
  const feeds = { clips: clipsOf(batch) };
  const seconds: number[] = [];
  try {
    for (let round = 0; round <= task.rounds; round++) {
      const begun = performance.now();
      await counting.run(feeds);
      seconds.push((performance.now() - begun) / 1000);
    }
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    break;
  }
  const [firstSeconds = Number.NaN, ...others] = seconds;
  const deviceMegabytes = usesCard ? Math.round(((await listGpus())[0]?.memoryUsedBytes ?? 0) / 1e6) : 0;
  runs.push({ batch, firstSeconds, seconds: medianOf(others), deviceMegabytes });
}
const answer: DeviceRun = {
  loadSeconds,
  nodes: placement?.counts ?? {},
  fallback: placement && sayFallback(placement, provider),
  runs,
  logits,
};
process.send?.(answer);
process.disconnect();

function clipsOf(batch: number) {
  return builtInClips(Array.from({ length: batch }, (_, index) => index + 1));
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
