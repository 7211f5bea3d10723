import { readFile } from 'node:fs/promises';

/** Clock ticks a second in /proc: fixed to 100 for user space on Linux. */
const TICKS = 100;

/** Processor seconds, user and system, that a process has used so far: all of it, and its main thread alone. */
export async function cpuSeconds(pid: number): Promise<{ readonly all: number; readonly mainThread: number }> {
  const [all, mainThread] = await Promise.all([read(`/proc/${pid}/stat`), read(`/proc/${pid}/task/${pid}/stat`)]);
  return { all, mainThread };
}

async function read(path: string): Promise<number> {
  const stat = await readFile(path, 'utf8');
  // Fields after the name in parentheses, which may hold spaces: utime and stime are the 12th and 13th of them.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}
