import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Threads of a process as the kernel sees them, the main one first: name, state (R runs, S sleeps, D waits for a disk, T is stopped) and the
 * kernel's function that it waits in, those that are alike counted. Why it cannot be told, where it cannot: on Linux alone there is `/proc`.
 */
export async function threadsOf(pid: number): Promise<string> {
  const folder = `/proc/${pid}/task`;
  try {
    const ids = (await readdir(folder)).sort((a, b) => Number(a) - Number(b));
    const threads = await Promise.all(ids.map((id) => threadAt(join(folder, id))));
    const counts = new Map<string, number>();
    for (const thread of threads) counts.set(thread, (counts.get(thread) ?? 0) + 1);
    return [...counts].map(([thread, times]) => (times === 1 ? thread : `${times} × ${thread}`)).join(', ');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** One that has just ended is told as such. */
async function threadAt(folder: string): Promise<string> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8').catch(() => '');
  const [stat, waitsIn] = await Promise.all([read('stat'), read('wchan')]);
  // `17 (a name) S 1 …`: a name may hold anything.
  const [, name, state] = /^\d+ \((.*)\) (\S)/s.exec(stat) ?? [];
  if (name === undefined || state === undefined) return 'one that has ended';
  // Not every kernel tells.
  return ['', '0'].includes(waitsIn) ? `${name} ${state}` : `${name} ${state} ${waitsIn}`;
}
