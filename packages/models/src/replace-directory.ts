import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Fills a new folder beside `directory` and puts it in its place when it is whole: readers see the old folder or the new
 * one, and a failure leaves no trace. `isSame` says that another process has meanwhile put an equal one there.
 */
export async function replaceDirectory(
  directory: string,
  fill: (fresh: string) => Promise<void>,
  isSame: () => Promise<boolean>,
): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  const fresh = await mkdtemp(`${directory}.`);
  const aside = `${fresh}.old`;
  try {
    await fill(fresh);
    await chmod(fresh, 0o755); // mkdtemp makes folders for their owner only
    await rename(directory, aside).catch(ignoreMissing);
    try {
      await rename(fresh, directory);
    } catch (error) {
      if (!(await isSame())) throw error;
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(aside, { recursive: true, force: true });
  }
}

export function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
