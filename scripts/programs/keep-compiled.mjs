/**
 * `node FLAGS scripts/programs/keep-compiled.mjs PROGRAM ENTRY…`: loads a process (the first entry) and each of its threads once, without
 * any settings, so that they refuse to start when all of their modules have run, and keeps what V8 has compiled by then.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const [, , program = '', ...entries] = process.argv;
const { scripts, compiledPath } = createRequire(import.meta.url)(join(program, 'run.cjs'));
const entry = isMainThread ? entries[0] : workerData.entry;
process.on('exit', () => {
  for (const [name, script] of scripts) writeFileSync(compiledPath(name, entry), script.createCachedData());
});
if (isMainThread) {
  for (const thread of entries.slice(1)) {
    await new Promise((resolve) => {
      const worker = new Worker(new URL(import.meta.url), {
        workerData: { entry: thread },
        argv: process.argv.slice(2),
      });
      // A thread that is given nothing to work with may say so by an error.
      worker.on('error', () => {}).on('exit', resolve);
    });
  }
}
await import(pathToFileURL(join(program, `${entry}.js`)).href);
