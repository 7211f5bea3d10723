import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and the missing folders above it. Node's own `recursive` is not used: it never returns where a folder
 * exists whose file system answers every `mkdir` with ENOENT, as /proc does.
 * @throws the system's error for the folder that cannot be made.
 */
export async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolders(dirname(path));
      await mkdir(path).catch((second) => acceptFolder(path, second));
    } else await acceptFolder(path, error);
  }
}

/** Accepts a folder that exists already, whoever made it; throws `error` otherwise. */
async function acceptFolder(path: string, error: unknown): Promise<void> {
  const kind = await stat(path).catch(() => undefined);
  if (!kind?.isDirectory()) throw error;
}
