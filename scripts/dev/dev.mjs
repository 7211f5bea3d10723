import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Refusal, say } from '../set-up/refusal.mjs';
import { ROOT } from '../set-up/root.mjs';
import { setUp } from '../set-up/set-up.mjs';
import { EmbeddedSystem } from './embedded-system.mjs';
import { findAffected, findNearest } from './find-affected.mjs';
import { isSource, writtenFolders } from './places.mjs';
import { testChange } from './test-change.mjs';

/** Editors write a file in several steps, and several files at once. */
const SETTLE_MS = 40;

/** Editors' own files beside the one that is written. */
const NOT_WRITTEN = /(~|\.swp|\.tmp)$|(^|\/)(\.[^/]*|4913)$/;

const HELP = `npm run dev [-- --up] [-- --e2e]

Watches the sources. After each save it compiles and runs the tests that the change reaches by imports: first those that
import the saved file, then the others of its package, then those of other packages. Another save begins anew. Tests whose programs are not on this
machine are left out, with a line that says so (npm test fetches them).

--up    also runs the embedded system at http://127.0.0.1:8000, and starts it again after each change
--e2e   also runs the scenarios of e2e/ that the change reaches
`;

/**
 * `npm run dev`, until Ctrl-C.
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function dev(args) {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const unknown = args.find((arg) => arg !== '--up' && arg !== '--e2e');
  if (unknown !== undefined) throw new Refusal(`npm run dev knows --up and --e2e, not ${unknown}`);
  await setUp({ needs: args.includes('--up') ? 'running' : 'building' });
  const { readSources, readSource } = await import('./read-sources.mjs');
  const sources = readSources(ROOT);
  const system = args.includes('--up') ? new EmbeddedSystem() : null;
  await system?.restart();
  const ending = endOnSignals();
  const changes = watchChanges(ending.signal);
  say(`watching ${sources.size} files; Ctrl-C ends`);
  while (!ending.signal.aborted) {
    const { paths, savedAt, signal } = await changes.next();
    const isThere = (/** @type {string} */ path) => existsSync(join(ROOT, path));
    for (const path of paths.filter(isSource).filter(isThere)) sources.set(path, readSource(ROOT, path));
    const affected = [...findAffected(sources, paths)].filter(isThere);
    for (const path of paths) if (!isThere(path)) sources.delete(path);
    const nearest = findNearest(sources, paths);
    const options = { withScenarios: args.includes('--e2e'), onBuilt: () => system?.restart(), signal };
    // The compiler has said what is wrong; the next save may mend it.
    if (paths.length > 0)
      await testChange({ paths, affected, nearest, savedAt }, options).catch((error) => say(error.message));
  }
  changes.close();
  await system?.stop();
  return 0;
}

function endOnSignals() {
  const ending = new AbortController();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => ending.abort());
  return ending;
}

/**
 * Collects what is saved. Each save aborts the signal of the change before it.
 * @param {AbortSignal} ending
 */
function watchChanges(ending) {
  /** @type {Set<string>} */
  const saved = new Set();
  let running = new AbortController();
  let wake = () => {};
  const stir = () => {
    running.abort();
    wake();
  };
  ending.addEventListener('abort', stir);
  const watchers = writtenFolders(ROOT).map((folder) =>
    watch(join(ROOT, folder), { recursive: true }, (_event, name) => {
      if (name === null || NOT_WRITTEN.test(name)) return;
      saved.add(`${folder}/${name}`);
      stir();
    }),
  );
  return {
    /** The next change; without paths at the end. */
    async next() {
      if (saved.size === 0 && !ending.aborted) {
        await new Promise((resolve) => {
          wake = () => resolve(undefined);
        });
      }
      const savedAt = performance.now();
      await setTimeout(SETTLE_MS);
      const paths = [...saved];
      saved.clear();
      running = new AbortController();
      if (ending.aborted) running.abort();
      return { paths, savedAt, signal: running.signal };
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
