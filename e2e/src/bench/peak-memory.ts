import { readdir, readFile, writeFile } from 'node:fs/promises';

/** Resident bytes of one process; 0 when it is gone. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}

/** Resident bytes of a process and of its descendants; shared pages count for each. */
export interface TreeMemory {
  readonly own: number;
  readonly descendants: number;
}

/**
 * A child that has not started its own program yet is left out: it still is its parent's image, so every page would count
 * twice.
 */
async function memoryOfTree(root: number): Promise<TreeMemory> {
  const counted = [];
  for (const { pid, parent } of await descendantsOf(root)) {
    if ((await commandLine(pid)) !== (await commandLine(parent))) counted.push(pid);
  }
  const [own = 0, ...others] = await Promise.all([root, ...counted].map(residentBytes));
  return { own, descendants: others.reduce((sum, size) => sum + size, 0) };
}

/** All processes below this one, each with the one that started it. */
export async function descendantsOf(root: number): Promise<{ readonly pid: number; readonly parent: number }[]> {
  const tree = [{ pid: root, parent: -1 }];
  for (let at = 0; at < tree.length; at += 1) {
    const parent = tree[at]?.pid ?? -1;
    for (const pid of await childrenOf(parent)) tree.push({ pid, parent });
  }
  return tree.slice(1);
}

/** Resident bytes of a process and its descendants, added up. */
export async function residentBytesOfTree(root: number): Promise<number> {
  return sumOf(await memoryOfTree(root));
}

const sumOf = ({ own, descendants }: TreeMemory): number => own + descendants;

/** The kernel lists them for the thread that started them. */
async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')),
  );
  return lists.flatMap((list) =>
    list
      .split(' ')
      .filter((word) => word !== '')
      .map(Number),
  );
}

function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

export interface MemoryWatch {
  /** The peak of the sum, in bytes. */
  peak(): number;
  /** Each at its own highest, in bytes: they need not have been so large at the same time. */
  peaks(): TreeMemory;
  stop(): void;
}

/** Samples memory of a process and its descendants until `stop`. */
export function watchMemory(pid: () => number, everyMs: number): MemoryWatch {
  let peak = 0;
  let peaks: TreeMemory = { own: 0, descendants: 0 };
  // On a busy machine a look may take longer than the time between two.
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    memoryOfTree(pid()).then((now) => {
      peak = Math.max(peak, sumOf(now));
      peaks = { own: Math.max(peaks.own, now.own), descendants: Math.max(peaks.descendants, now.descendants) };
      isLooking = false;
    });
  }, everyMs);
  return { peak: () => peak, peaks: () => peaks, stop: () => clearInterval(timer) };
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
