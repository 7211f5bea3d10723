import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';

const EMITTED = /\.(js|js\.map|d\.ts)$/;

/**
 * Deletes compiled files whose source is gone: the compiler leaves them, and the tests run whatever lies in `dist`.
 * A file counts as compiled when the compiler's declaration lies beside it.
 * @param {string} packageFolder holding `src` and `dist`
 * @returns {string[]} what was deleted, relative to the package
 */
export function removeStaleOutput(packageFolder) {
  const dist = join(packageFolder, 'dist');
  if (!existsSync(dist)) return [];
  const emitted = readdirSync(dist, { recursive: true })
    .map((path) => join(dist, String(path)))
    .filter((path) => EMITTED.test(path));
  const stale = emitted.filter((path) => {
    const stem = path.replace(EMITTED, '');
    const source = join(packageFolder, 'src', relative(dist, stem));
    const isCompiled = existsSync(`${stem}.d.ts`);
    return isCompiled && !existsSync(`${source}.ts`) && !existsSync(`${source}.tsx`);
  });
  for (const path of stale) rmSync(path);
  return stale.map((path) => relative(packageFolder, path));
}
