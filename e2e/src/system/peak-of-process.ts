import { readFile } from 'node:fs/promises';

/**
 * The most memory of its own that a living process has had, in bytes: the kernel's mark of what was resident at most, which misses
 * nothing between two looks, less the pages of files. Those are libraries and mapped weights, shared and of other sizes elsewhere.
 * Works on Linux only.
 */
export async function peakOfProcess(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return kilobytes(status, 'VmHWM') - kilobytes(status, 'RssFile');
}

/** In bytes. */
function kilobytes(status: string, name: string): number {
  const [, number] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  if (number === undefined) throw new Error(`the kernel does not tell ${name}`);
  return Number(number) * 1024;
}
