import { readFile } from 'node:fs/promises';
import { descendantsOf } from '../peak-memory.js';

/** Clock ticks a second in /proc: fixed to 100 for user space on Linux. */
const TICKS = 100;

/** Processor seconds, user and system. */
interface CpuSeconds {
  readonly all: number;
  readonly mainThread: number;
  /** Of what it has started and what that has, whether it has ended or not. */
  readonly descendants: number;
}

/** What a process has used so far. */
export async function cpuSeconds(pid: number): Promise<CpuSeconds> {
  const [own, main] = await Promise.all([read(`/proc/${pid}/stat`), read(`/proc/${pid}/task/${pid}/stat`)]);
  const living = await Promise.all((await descendantsOf(pid)).map(({ pid: one }) => read(`/proc/${one}/stat`, GONE)));
  const descendants = living.reduce((sum, { used, endedChildren }) => sum + used + endedChildren, own.endedChildren);
  return { all: own.used, mainThread: main.used, descendants };
}

/** What has ended between two looks is counted by whoever has started it. */
const GONE = '() S 0 0 0 0 0 0 0 0 0 0 0 0 0 0';

async function read(path: string, otherwise?: string) {
  const stat = await readFile(path, 'utf8').catch((error: unknown) => {
    if (otherwise === undefined) throw error;
    return otherwise;
  });
  // The name stands in parentheses and may contain spaces. Of the fields after it, utime, stime, cutime and cstime are
  // the 12th to 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const seconds = (user: number): number => (Number(fields[user]) + Number(fields[user + 1])) / TICKS;
  return { used: seconds(11), endedChildren: seconds(13) };
}
