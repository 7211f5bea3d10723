import { readdir, readFile, writeFile } from 'node:fs/promises';

/** Resident bytes of one process; 0 when it is gone. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/**
 * Resident bytes of a process and its descendants, added up; shared pages count for each process. A child that has not
 * started its own program yet is left out: it still is its parent's image, so every page would count twice.
 */
export async function residentBytesOfTree(root: number): Promise<number> {
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (let at = 0; at < tree.length; at += 1) {
    const parent = tree[at] ?? -1;
    const words = await commandLine(parent);
    for (const child of children.get(parent) ?? []) if ((await commandLine(child)) !== words) tree.push(child);
  }
  const sizes = await Promise.all(tree.map(residentBytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

/** Samples memory until `stop`. Answers the peak in bytes. */
export function watchMemory(pid: () => number, everyMs: number): { peak: () => number; stop: () => void } {
  let peak = 0;
  // On a busy machine a look may take longer than the time between two.
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    residentBytesOfTree(pid()).then((bytes) => {
      peak = Math.max(peak, bytes);
      isLooking = false;
    });
  }, everyMs);
  return { peak: () => peak, stop: () => clearInterval(timer) };
}

export const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

/** Follows the kernel's own high-water mark of one process. `stop` answers its last value in MB. */
export function peakResidentBytes(pid: number): { stop: () => number } {
  let peak = 0;
  const look = (): void => {
    readFile(`/proc/${pid}/status`, 'utf8').then(
      (status) => {
        peak = Math.max(peak, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024);
      },
      () => {},
    );
  };
  const timer = setInterval(look, 20);
  return {
    stop: () => {
      clearInterval(timer);
      return megabytes(peak);
    },
  };
}

/** By how much this process grew at most while `run` ran, in resident bytes. Works on Linux only. */
export async function grownBytes(run: () => Promise<unknown>): Promise<number> {
  // Writing 5 sets the high-water mark to what is resident now.
  await writeFile('/proc/self/clear_refs', '5');
  const before = await residentBytes(process.pid);
  await run();
  const status = await readFile('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024 - before;
}
