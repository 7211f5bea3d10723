/**
 * `node scripts/programs/main.mjs FOLDER…`: packs the processes whose packages are in these folders, as images do with a package and its
 * dependencies.
 */
import { resolve } from 'node:path';
import { PROCESSES } from './processes.mjs';
import { nameOf, writeProgram } from './write-program.mjs';

for (const folder of process.argv.slice(2).map((path) => resolve(path))) {
  const name = /** @type {keyof typeof PROCESSES} */ (nameOf(folder));
  const entries = PROCESSES[name];
  if (entries === undefined) throw new Error(`${name} is none of ${Object.keys(PROCESSES).join(', ')}`);
  await writeProgram(folder, entries);
}
