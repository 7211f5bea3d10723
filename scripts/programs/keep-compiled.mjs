/**
 * `node FLAGS scripts/programs/keep-compiled.mjs PROGRAM ENTRY=FILE,…`: loads a process (the first entry) and each of its threads once,
 * without any settings, so that they refuse to start when all of their modules have run; then the files that they load on demand. Keeps
 * what V8 has compiled by then.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const [, , program = '', ...entries] = process.argv;
const run = createRequire(import.meta.url)(join(program, 'run.cjs'));
const [entry, onDemand = ''] = String(isMainThread ? entries[0] : workerData.entry).split('=');

// A process that refuses to start ends at once.
process.on('exit', () => {
  for (const name of onDemand === '' ? [] : onDemand.split(',')) loadIfItCan(name);
  for (const [name, script] of run.scripts) writeFileSync(run.compiledPath(name, entry), script.createCachedData());
});
if (isMainThread) for (const thread of entries.slice(1)) await runThread(thread);
await import(pathToFileURL(join(program, `${entry}.js`)).href);

/** @param {string} thread */
function runThread(thread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { entry: thread }, argv: process.argv.slice(2) });
  // One that is given nothing to work with may say so by an error.
  return new Promise((resolve) => worker.on('error', () => {}).on('exit', resolve));
}

/** @param {string} name */
function loadIfItCan(name) {
  try {
    run.load(name);
  } catch {
    // What needs something of this machine is compiled when it is wanted.
  }
}
