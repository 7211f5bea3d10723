import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A digest of what generated files depend on: the built code in a folder and the folders below it, and other single
 * files.
 */
export async function sourceStamp(code: string, others: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(code, { recursive: true })).sort()) {
    if (name.endsWith('.js') && !name.endsWith('.test.js')) hash.update(name).update(await readFile(join(code, name)));
  }
  for (const file of others) hash.update(await readFile(file));
  return hash.digest('hex');
}
