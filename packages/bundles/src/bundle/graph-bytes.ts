import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenedBundle } from './open-bundle.js';

/** Bytes of the files that the graph which workers run may read, nearly all of them weights. The parts are left out. */
export async function graphBytes({ directory, manifest }: OpenedBundle): Promise<number> {
  const parts = new Set(manifest.parts);
  const paths = Object.keys(manifest.files).filter((path) => !parts.has(path));
  const sizes = await Promise.all(paths.map(async (path) => (await stat(join(directory, path))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
