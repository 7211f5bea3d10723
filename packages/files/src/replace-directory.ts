import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { clearLeftovers, leftoverPrefix, OLD_SUFFIX } from './leftover-folders.js';
import { makeFolders } from './make-folders.js';

/**
 * Fills a new folder beside `directory` and moves it to its place when it is complete: readers see the old folder or
 * the new one, and a failure leaves no trace. What killed processes left beside it is removed. `isSame` tells whether
 * an equal folder, placed by another process in the meantime, may stay.
 */
export async function replaceDirectory(
  directory: string,
  fill: (fresh: string) => Promise<void>,
  isSame: () => Promise<boolean>,
): Promise<void> {
  const target = resolve(directory); // with a slash at its end, the new folder would be made inside it
  await makeFolders(dirname(target));
  await clearLeftovers(target);
  const fresh = await mkdtemp(leftoverPrefix(target));
  const aside = `${fresh}${OLD_SUFFIX}`;
  try {
    await fill(fresh);
    await chmod(fresh, 0o755); // mkdtemp makes folders for their owner only
    await rename(target, aside).catch(ignoreMissing);
    try {
      await rename(fresh, target);
    } catch (error) {
      if (await isSame()) return;
      // Moves the old folder back, unless another process has taken its place.
      await rename(aside, target).catch(() => {});
      throw error;
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
