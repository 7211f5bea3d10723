import { readFile } from 'node:fs/promises';
import { megabytes, watchMemory } from '../peak-memory.js';
import type { BatchSystem } from './batch-system.js';

export interface ProcessFigures {
  /** The largest that each was, its children included. */
  readonly peakMegabytes: Readonly<Record<string, number>>;
  /** Processor time of each, its children included, over all its starts; what a killed one used after the last look is not seen. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
}

const LOOK_MS = 300;
/** Of the kernel's clock that /proc counts in. */
const TICKS_A_SECOND = 100;

/** Follows memory and processor time of a system's processes through kills and starts. */
export function watchProcesses({ api, cpuWorkers, gpuWorker, redis }: BatchSystem): { stop: () => ProcessFigures } {
  const watched = [
    ['api', api],
    ...cpuWorkers.map((worker, n) => [`cpuWorker${n + 1}`, worker] as const),
    ['inferenceWorker', gpuWorker],
    ['redis', redis],
  ] as const;
  const memory = watched.map(([name, of]) => [name, watchMemory(() => pidOf(of), LOOK_MS)] as const);
  const ticks = new Map(watched.map(([name]) => [name as string, new Map<number, number>()]));
  const timer = setInterval(() => {
    for (const [name, of] of watched) {
      const pid = pidOf(of);
      ticksOf(pid).then((used) => {
        if (used > 0) ticks.get(name)?.set(pid, used);
      });
    }
  }, LOOK_MS);
  return {
    stop: () => {
      clearInterval(timer);
      for (const [, watch] of memory) watch.stop();
      const seconds = [...ticks].map(([name, of]) => [
        name,
        [...of.values()].reduce((sum, used) => sum + used, 0) / TICKS_A_SECOND,
      ]);
      return {
        peakMegabytes: Object.fromEntries(memory.map(([name, watch]) => [name, megabytes(watch.peak())])),
        cpuSeconds: Object.fromEntries(seconds),
      };
    },
  };
}

/** -1 while it does not run: no process has it. */
export function pidOf(of: { readonly pid: number }): number {
  try {
    return of.pid;
  } catch {
    return -1;
  }
}

/** Of a process and of its children that have ended; 0 when it is gone. */
async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Fields 14 to 17, counted from 1; the name in the second one may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + (Number(field) || 0), 0);
}
