'use strict';
// Packed with each program as `program/run.cjs`: runs its files, in the form that `keep-compiled.mjs` has had compiled, so that V8 compiles
// at a start only what it has not seen then. V8 refuses what another version or other flags have compiled, and compiles anew.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { Script } = require('node:vm');

const PARAMETERS = 'exports, require, module, __filename, __dirname, programUrl, programImport';

/** The files that this thread has run, by name. */
const scripts = new Map();

/**
 * @param {string} entry a process or a thread; each keeps what it has compiled for itself, since it runs other functions of the same file
 * @param {Readonly<Record<string, unknown>>} before modules that are left where they are, by the path that the code knows them by
 * @param {(id: string) => Promise<unknown>} importModule `import` of a module in this folder: code that is compiled here has none
 */
function runProgram(entry, before, importModule) {
  const modules = new Map();
  const load = (name) => {
    const known = modules.get(name);
    if (known !== undefined) return known.exports;
    const path = join(__dirname, name);
    const script = compile(path, compiledPath(name, entry));
    scripts.set(name, script);
    const made = { exports: {} };
    modules.set(name, made);
    const outside = createRequire(path);
    const require = (id) => {
      if (id.startsWith('./') && id.endsWith('.cjs')) return load(id.slice(2));
      return before[id] ?? outside(id);
    };
    script.runInThisContext()(made.exports, require, made, path, __dirname, pathToFileURL(path).href, importModule);
    return made.exports;
  };
  module.exports.load = load;
  return load(`${entry}.cjs`);
}

function compile(path, compiled) {
  // Written in ASCII: read as such the text takes a byte for each character, not two.
  const text = readFileSync(path, 'latin1');
  return new Script(`(function (${PARAMETERS}) {${text}\n})`, { filename: path, cachedData: readIfThere(compiled) });
}

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Where the compiled form of a file lies. */
function compiledPath(name, entry) {
  return join(__dirname, `${name}.${entry}.compiled`);
}

/** `load` loads another file of the program that this thread runs. */
module.exports = { runProgram, scripts, compiledPath, load: undefined };
