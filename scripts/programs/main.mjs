/**
 * `node scripts/programs/main.mjs FOLDER…`: packs the processes whose packages are in these folders, as images do with a package and its
 * dependencies.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { LOADED_BEFORE, PROCESSES } from './processes.mjs';
import { writeProgram } from './write-program.mjs';

for (const folder of process.argv.slice(2).map((path) => resolve(path))) {
  /** @type {{ name: keyof typeof PROCESSES }} */
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const entries = PROCESSES[name];
  if (entries === undefined) throw new Error(`${name} is none of ${Object.keys(PROCESSES).join(', ')}`);
  await writeProgram(
    folder,
    entries,
    LOADED_BEFORE.flatMap((module) => placeIfThere(folder, module)),
  );
}

/**
 * @param {string} folder
 * @param {string} module
 * @returns {string[]} none where the package does not know it
 */
function placeIfThere(folder, module) {
  try {
    return [realpathSync(createRequire(join(folder, 'package.json')).resolve(module))];
  } catch {
    return [];
  }
}
