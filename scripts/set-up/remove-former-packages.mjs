import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What git ignores in a package's folder: it stays behind when a package is gone. */
const LEFT_BEHIND = new Set(['dist', 'node_modules', 'assets']);

/**
 * Deletes what an older checkout left of packages that are no more: the tests run whatever lies in `packages/NAME/dist`.
 * A folder that holds anything else is left alone.
 * @param {string} parent the folder of all packages
 * @returns {string[]} names of the folders deleted
 */
export function removeFormerPackages(parent) {
  const former = readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !existsSync(join(parent, entry.name, 'package.json')))
    .map((entry) => entry.name)
    .filter((name) => readdirSync(join(parent, name)).every((left) => LEFT_BEHIND.has(left)));
  for (const name of former) rmSync(join(parent, name), { recursive: true });
  return former;
}
