import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { findProgram } from '../set-up/find-program.mjs';

/** Where Debian's packages put their modules: another python3 may stand before it on the PATH. */
const DEBIANS = '/usr/bin/python3';

/** Found once: each look starts every Python there is. */
/** @type {Map<string, string | null>} */
const found = new Map();

/**
 * The first Python that has the modules: STYLEFLOW_PYTHON, each python3 on the PATH, Debian's own.
 * @param {readonly string[]} modules
 * @returns {string | null}
 */
export function findPython(modules) {
  const wanted = modules.join(' ');
  const known = found.get(wanted);
  if (known) return known;
  const python = candidates().find((each) => hasModules(each, modules)) ?? null;
  found.set(wanted, python);
  return python;
}

/** @returns {readonly string[]} */
function candidates() {
  const named = process.env.STYLEFLOW_PYTHON;
  if (named !== undefined) return [named];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = folders.filter((folder) => findProgram('python3', folder)).map((folder) => join(folder, 'python3'));
  return [...new Set([...onPath, DEBIANS])];
}

/**
 * @param {string} python
 * @param {readonly string[]} modules looked for, not loaded: loading PyTorch takes seconds
 */
function hasModules(python, modules) {
  const code = 'import sys, importlib.util as u; sys.exit(not all(map(u.find_spec, sys.argv[1:])))';
  return spawnSync(python, ['-c', code, ...modules], { stdio: 'ignore', timeout: 30_000 }).status === 0;
}
