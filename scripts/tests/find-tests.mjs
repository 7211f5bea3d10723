import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';

/**
 * A test file: where it is written and where vitest finds it (the same for scripts, which are not compiled).
 * @typedef {object} TestFile
 * @property {string} source from the root, `/`-separated
 * @property {string} runs from the root, `/`-separated
 */

/**
 * Every test file of the repository, as vitest.config.ts includes them.
 * @param {string} root
 * @returns {TestFile[]}
 */
export function findTests(root) {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  const compiled = [...packages, 'e2e'].flatMap((folder) => filesBelow(root, `${folder}/src`, '.test.ts'));
  const scripts = filesBelow(root, 'scripts', '.test.mjs');
  return [
    ...compiled.map((source) => ({ source, runs: compiledPath(source) })),
    ...scripts.map((source) => ({ source, runs: source })),
  ];
}

/**
 * The compiled file of a source path; other texts come back as they are, so that it may be given patterns as well.
 * @param {string} path
 */
export function compiledPath(path) {
  return path.replace(/((?:packages\/[^/]+|e2e)\/)src(?=\/|$)/, '$1dist').replace(/\.ts$/, '.js');
}

/**
 * The source of a compiled test file.
 * @param {string} path
 */
export function sourcePath(path) {
  return path.replace(/^(packages\/[^/]+\/|e2e\/)dist\/(.*)\.js$/, '$1src/$2.ts');
}

/**
 * Those that vitest would run for the patterns: parts of a path, of the source or of the compiled file.
 * @param {readonly TestFile[]} tests
 * @param {readonly string[]} patterns none: all
 * @param {string} root that absolute paths begin with
 */
export function matchTests(tests, patterns, root) {
  if (patterns.length === 0) return [...tests];
  const parts = patterns.map((pattern) => {
    const path = compiledPath(pattern);
    return (isAbsolute(path) ? relative(root, path) : path.replace(/^\.\//, '')).toLowerCase();
  });
  return tests.filter(({ runs }) => parts.some((part) => runs.toLowerCase().includes(part)));
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {string} ending
 */
function filesBelow(root, folder, ending) {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true }).map((name) => String(name).split(sep).join('/'));
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .sort();
}
