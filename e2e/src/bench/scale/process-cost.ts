import { readFile } from 'node:fs/promises';

/** Clock ticks a second in /proc: fixed to 100 for user space on Linux. */
const TICKS = 100;

/** Processor seconds, user and system. */
interface CpuSeconds {
  readonly all: number;
  readonly mainThread: number;
  /** Of child processes that have ended. */
  readonly endedChildren: number;
}

/** What a process has used so far. */
export async function cpuSeconds(pid: number): Promise<CpuSeconds> {
  const [own, main] = await Promise.all([read(`/proc/${pid}/stat`), read(`/proc/${pid}/task/${pid}/stat`)]);
  return { all: own.used, mainThread: main.used, endedChildren: own.endedChildren };
}

async function read(path: string) {
  const stat = await readFile(path, 'utf8');
  // The name stands in parentheses and may contain spaces. Of the fields after it, utime, stime, cutime and cstime are
  // the 12th to 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const seconds = (user: number): number => (Number(fields[user]) + Number(fields[user + 1])) / TICKS;
  return { used: seconds(11), endedChildren: seconds(13) };
}
