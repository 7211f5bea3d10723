import { spawnSync } from 'node:child_process';
import { copyFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

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
  const { output } = await build.write({ dir: out, format: 'cjs', ...files });
  await build.close();
  copyFileSync(RUN, join(out, 'run.cjs'));
  const names = places.map((path) => basename(path, '.js'));
  const chunks = output.filter((file) => file.type === 'chunk');
  for (const { fileName, code } of chunks) writeFileSync(join(out, fileName), inAscii(importedOutside(code)));
  const imports = new Map(chunks.map(({ fileName, imports }) => [fileName, imports]));
  for (const name of names) {
    const reached = reachedFrom(`${name}.cjs`, imports);
    const given = before.map((path) => pathFrom(out, path)).filter((path) => reached.has(path));
    writeFileSync(join(out, `${name}.js`), entryOf(name, given));
  }
  keepCompiled(out, names);
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
 * @param {string} code
 * @param {string} place of the module, from where the program stands
 * @param {ReadonlySet<string>} threads
 */
function keepPlace(code, place, threads) {
  return code
    .replaceAll(/new URL\('[\w./-]*?([\w-]+)\.js', import\.meta\.url\)/g, (whole, name) =>
      threads.has(name) ? `new URL('./${name}.js', programUrl)` : whole,
    )
    .replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, programUrl).href`);
}

/**
 * @param {string} file
 * @param {ReadonlyMap<string, readonly string[]>} imports what each file loads at once
 * @param {Set<string>} [reached]
 */
function reachedFrom(file, imports, reached = new Set()) {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const next of imports.get(file) ?? []) reachedFrom(next, imports, reached);
  return reached;
}

/**
 * What Node runs: the modules that are left where they are cannot be loaded by the packed code itself, where Node has no `require` of them.
 * @param {string} name
 * @param {readonly string[]} before
 */
function entryOf(name, before) {
  const imports = before.map((path, index) => `import * as before${index} from ${JSON.stringify(path)};\n`);
  const given = before.map((path, index) => `${JSON.stringify(path)}: before${index}`);
  return `import run from './run.cjs';\n${imports.join('')}run.runProgram('${name}', { ${given.join(', ')} }, (id) => import(id));\n`;
}

/**
 * What is loaded on demand and stays outside is imported by the entry.
 * @param {string} code
 */
function importedOutside(code) {
  return code.replaceAll(/(?<![.\w$])import\((?=["\w])/g, 'programImport(');
}

/**
 * Other characters by their numbers, which is the same in strings, templates and patterns: V8 holds a text of one byte a character then.
 * @param {string} code
 */
function inAscii(code) {
  return code.replaceAll(/(\\*)([\u0080-\uffff])/g, (_, slashes, unit) => {
    const number = `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    // A character behind a single backslash stands for itself, a number behind two would not.
    return `${slashes.length % 2 === 0 ? slashes : slashes.slice(1)}${number}`;
  });
}

/**
 * What V8 has compiled with other flags it does not take, so these are those that this process has itself.
 * @param {string} out
 * @param {readonly string[]} entries
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
