import type { BundleFacts } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { ProcessUnderTest } from '../../system/process-under-test.js';
import type { ScoreLoad } from './score-load.js';

/**
 * How many worker processes start at the same time. Each loads for a few seconds on one core, and warms up as fast as
 * its device.
 */
const STARTED_AT_ONCE = 16;

export interface SimulatedWorkers {
  readonly processes: readonly ProcessUnderTest[];
  /** The admin port of each process; null where there is none. */
  readonly ports: readonly (number | null)[];
  readonly bundle: BundleFacts;
  stop(): Promise<void>;
}

/**
 * Real GPU workers whose device only takes time: `runMs` + clips · `clipMs` for a tensor batch. Queue, store, decoding
 * and batching are those of production.
 */
export async function startSimulatedWorkers(
  load: ScoreLoad,
  count: number,
  device: { readonly runMs: number; readonly clipMs: number; readonly maxBatch: number },
  env: Readonly<Record<string, string>> = {},
): Promise<SimulatedWorkers> {
  const settings = {
    ...load.env,
    STYLEFLOW_SIMULATED_DEVICE: `${device.runMs}+${device.clipMs}`,
    STYLEFLOW_MAX_BATCH: String(device.maxBatch),
    ...env,
  };
  const processes: ProcessUnderTest[] = [];
  const ports: (number | null)[] = [];
  while (processes.length < count) {
    const next = Array.from(
      { length: Math.min(STARTED_AT_ONCE, count - processes.length) },
      () => new ProcessUnderTest('gpu-worker', settings),
    );
    ports.push(...(await Promise.all(next.map((worker) => worker.start()))));
    processes.push(...next);
  }
  const bundle = await until('the bundle is known', async () => (await load.connection.announcements.bundles())[0]);
  return {
    processes,
    ports,
    bundle,
    stop: async () => {
      await Promise.all(processes.map((worker) => worker.stop()));
    },
  };
}
