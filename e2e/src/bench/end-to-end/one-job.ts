import { resolve } from 'node:path';
import { type SystemUnderTest, startSystem } from '../../system/system.js';
import { spreadOf } from '../cost/spread.js';
import { cpuSeconds } from '../scale/process-cost.js';

export interface OneJobChoice {
  /** A folder; without it the untrained bundle of the demo. */
  readonly bundle?: string | undefined;
  readonly rounds: number;
}

/** Processor seconds, user and system. */
interface JobCost {
  /** The CPU worker with ffmpeg and ffprobe: preparing, and the end of the job. */
  readonly preparing: number;
  readonly scoring: number;
  readonly api: number;
  readonly redis: number;
  readonly all: number;
  /** From the submission until the client knew the end. */
  readonly wallSeconds: number;
}

const FIGURES = [
  'preparing',
  'scoring',
  'api',
  'redis',
  'all',
  'wallSeconds',
] as const satisfies readonly (keyof JobCost)[];

/**
 * What one video costs a system that already runs, with its defaults: processor seconds of every process, of what they have
 * started, and of Redis, from the submission to the end. One job before warms all up. Without a preview, which nothing of the verdict
 * needs.
 */
export async function benchOneJob(
  say: (line: string) => void,
  video: string,
  { bundle, rounds }: OneJobChoice,
): Promise<Record<string, unknown>> {
  const system = await startSystem({
    ...(bundle === undefined ? {} : { STYLEFLOW_BUNDLE: resolve(bundle) }),
    // As in production, where the sweep of every second that tests want is none of a job's cost.
    STYLEFLOW_SWEEP_SECONDS: '60',
    STYLEFLOW_EXECUTION_PROVIDERS: 'cpu',
  });
  const costOfJob = async (): Promise<JobCost> => {
    const before = await usedBy(system);
    const startedAt = performance.now();
    const { id } = await system.client.submitFile(resolve(video), { options: { preview: false } });
    const { status } = await system.client.wait(id);
    const wallSeconds = (performance.now() - startedAt) / 1000;
    if (status !== 'succeeded') throw new Error(`the job ended ${status}`);
    const after = await usedBy(system);
    const grown = (name: keyof typeof after): number => after[name] - before[name];
    const all = grown('preparing') + grown('scoring') + grown('api') + grown('redis');
    return {
      ...{ preparing: grown('preparing'), scoring: grown('scoring'), api: grown('api'), redis: grown('redis') },
      ...{ all, wallSeconds },
    };
  };
  const costs: JobCost[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const cost = await costOfJob();
      if (round > 0) costs.push(cost);
      say(
        `${round > 0 ? `job ${round}` : 'uncounted'}: ${FIGURES.map((name) => `${name} ${cost[name].toFixed(2)}`).join(', ')}`,
      );
    }
  } finally {
    await system.stop();
  }
  return Object.fromEntries(FIGURES.map((name) => [name, spreadOf(costs.map((cost) => cost[name]))]));
}

/** What each has used until now, with all that it has started. */
async function usedBy({ cpuWorker, gpuWorker, api, redis }: SystemUnderTest) {
  const of = async ({ pid }: { readonly pid: number }): Promise<number> => {
    const { all, descendants } = await cpuSeconds(pid);
    return all + descendants;
  };
  return { preparing: await of(cpuWorker), scoring: await of(gpuWorker), api: await of(api), redis: await of(redis) };
}
