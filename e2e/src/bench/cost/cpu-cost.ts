import { cpuSeconds } from '../scale/process-cost.js';

/** Processor milliseconds, user and system. */
export interface CpuCost {
  /** Of this process, all threads. */
  readonly ownMs: number;
  /** Of what it has started, by 10 ms. */
  readonly childrenMs: number;
}

/** What `run` cost. Whatever it starts must have ended when it returns. */
export async function cpuCostOf(run: () => Promise<unknown>): Promise<CpuCost> {
  const { descendants } = await cpuSeconds(process.pid);
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  const after = await cpuSeconds(process.pid);
  return { ownMs: (user + system) / 1000, childrenMs: (after.descendants - descendants) * 1000 };
}

/** Of this process alone, for one of `times` runs in a row; a promise is waited for. */
export async function ownMsEach(times: number, run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < times; n += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / times;
}
