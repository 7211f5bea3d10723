import { spawnSync } from 'node:child_process';
import { copyFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { entryOf, importedOutside, inAscii, keepPlace } from './packed-text.mjs';

/**
 * What stays where it is and is loaded from there: native libraries and what looks for files beside itself.
 */
const LEFT_ALONE = /^(onnxruntime-node|sharp|msgpackr|msgpackr-extract|fluent-ffmpeg|thread-stream)$/;

const RUN = fileURLToPath(new URL('./run-program.cjs', import.meta.url));
const KEEP_COMPILED = fileURLToPath(new URL('./keep-compiled.mjs', import.meta.url));

/**
 * Puts all modules that a process loads into a few files in `program/` of its package, so that Node opens ten files and not a thousand:
 * that costs a start more than everything else (decisions/0032). Beside them stands a list of the modules of ours that went in, by which
 * the process sees whether they are still the same (packages/runtime, packed-program.ts).
 *
 * A module that looks for files beside itself still finds them: its own place is written into it, relative to the new one.
 * @param {string} folder of the process's package, compiled, with its dependencies
 * @param {readonly string[]} entries modules from the folder `dist` of that package; `@styleflow/NAME:PATH` for one of another package.
 *   The first one is the process, the others are its threads.
 * @param {readonly string[]} [before] modules that are left where they are, since the process has loaded them by then
 */
export async function writeProgram(folder, entries, before = []) {
  const out = join(folder, 'program');
  await rm(out, { recursive: true, force: true });
  const places = entries.map((entry) => placeOf(folder, entry));
  const threads = new Set(places.slice(1).map((path) => basename(path, '.js')));
  /** @type {Set<string>} */
  const modules = new Set();
  const build = await rolldown({
    input: Object.fromEntries(places.map((path) => [basename(path, '.js'), path])),
    platform: 'node',
    logLevel: 'silent',
    // Compiled modules have none, and those of a package alone name others that are not there.
    tsconfig: false,
    plugins: [
      {
        name: 'places',
        async resolveId(source, importer) {
          if (importer === undefined) return null;
          if (LEFT_ALONE.test(source)) return leftAlone(out, createRequire(importer).resolve(source));
          const found = before.length === 0 ? null : await this.resolve(source, importer, { skipSelf: true });
          return found !== null && before.includes(found.id) ? leftAlone(out, found.id) : null;
        },
        load(id) {
          modules.add(id);
          return null;
        },
        transform(code, id) {
          // The bundler's own modules have no place.
          if (!id.startsWith('/') || !code.includes('import.meta.url')) return null;
          return keepPlace(code, pathFrom(out, id), threads);
        },
      },
    ],
  });
  const files = { entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' };
  const { output } = await build.write({ dir: out, format: 'cjs', comments: false, ...files });
  await build.close();
  copyFileSync(RUN, join(out, 'run.cjs'));
  const chunks = output.filter((file) => file.type === 'chunk');
  for (const { fileName, code } of chunks) writeFileSync(join(out, fileName), inAscii(importedOutside(code)));
  const named = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const compiled = places.map((place) => {
    const name = basename(place, '.js');
    const atOnce = reachedFrom(`${name}.cjs`, (file) => named.get(file)?.imports);
    const given = before.map((path) => pathFrom(out, path)).filter((path) => atOnce.has(path));
    writeFileSync(join(out, `${name}.js`), entryOf(name, given));
    const ever = reachedFrom(`${name}.cjs`, (file) =>
      named.get(file)?.imports.concat(named.get(file)?.dynamicImports ?? []),
    );
    return `${name}=${[...ever].filter((file) => named.get(file)?.isDynamicEntry).join()}`;
  });
  keepCompiled(out, compiled);
  const own = [...modules].filter((path) => path.startsWith('/') && isOwn(path)).sort();
  writeFileSync(join(out, 'modules.json'), JSON.stringify(own.map((path) => factsOf(out, path))));
}

/**
 * @param {string} folder
 * @param {string} entry
 */
function placeOf(folder, entry) {
  const [name = '', path] = entry.split(':');
  if (path === undefined) return join(folder, 'dist', name);
  return join(dirname(createRequire(join(folder, 'package.json')).resolve(name)), path);
}

/**
 * @param {string} file
 * @param {(file: string) => readonly string[] | undefined} next what it loads
 * @param {Set<string>} [reached]
 */
function reachedFrom(file, next, reached = new Set()) {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const each of next(file) ?? []) reachedFrom(each, next, reached);
  return reached;
}

/**
 * What V8 has compiled with other flags it does not take, so these are those that this process has itself.
 * @param {string} out
 * @param {readonly string[]} entries as keep-compiled.mjs takes them
 */
function keepCompiled(out, entries) {
  // Without settings, whatever the shell has: nothing is to start.
  spawnSync(process.execPath, [...process.execArgv, KEEP_COMPILED, out, ...entries], {
    env: {},
    stdio: 'ignore',
    timeout: 60_000,
  });
}

/**
 * @param {string} out
 * @param {string} path
 */
function leftAlone(out, path) {
  return { id: pathFrom(out, path), external: true };
}

/** @param {string} path In a checkout packages stand beside each other, in an image among all others. */
function isOwn(path) {
  return !path.includes('/node_modules/') || path.includes('/node_modules/@styleflow/');
}

/**
 * Name, size and time in whole seconds, which is what the layers of an image keep of it.
 * @param {string} out
 * @param {string} path
 */
function factsOf(out, path) {
  const { size, mtimeMs } = statSync(path);
  return [pathFrom(out, path), size, Math.floor(mtimeMs / 1000)];
}

/**
 * @param {string} folder
 * @param {string} path
 */
function pathFrom(folder, path) {
  const way = relative(folder, path).split(sep).join('/');
  return way.startsWith('.') ? way : `./${way}`;
}
