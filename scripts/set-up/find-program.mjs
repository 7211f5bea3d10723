import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @param {string} name
 * @param {string} [searchPath] as PATH
 * @returns {string | null} the first executable of that name
 */
export function findProgram(name, searchPath = process.env.PATH ?? '') {
  for (const folder of searchPath.split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // The program is not in this folder; the next one is tried.
    }
  }
  return null;
}
