import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ file: string, tests: readonly string[] }} PythonTests */

/**
 * The test functions of each `test_*.py` of a folder, in their order; no Python is needed for it.
 * @param {string} folder
 * @returns {PythonTests[]}
 */
export function readPythonTests(folder) {
  const files = readdirSync(folder).filter((name) => /^test_.*\.py$/.test(name));
  return files.sort().map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return { file, tests: [...text.matchAll(/^def (test_\w+)\(/gm)].map(([, name = '']) => name) };
  });
}

/**
 * `test_a_clip_is_read` → "a clip is read".
 * @param {string} name
 */
export function sentenceOf(name) {
  return name.replace(/^test_/, '').replaceAll('_', ' ');
}
