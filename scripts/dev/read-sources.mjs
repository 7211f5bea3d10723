import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { parseSync } from 'oxc-parser';
import { isSource, writtenFolders } from './places.mjs';

/**
 * @typedef {object} Source
 * @property {string[]} files what it names by relative paths, threads and the like included
 * @property {{ door: string, names: string[] | null }[]} packages imports through the doors of workspace packages; null: of
 *   everything
 * @property {Map<string, string | null>} exports name → the file that it is passed on from; null: it is made here
 * @property {string[]} passedOn files whose every export is passed on
 * @property {string} text
 */

/**
 * Every source file by its path from the root.
 * @param {string} root
 * @returns {Map<string, Source>}
 */
export function readSources(root) {
  const paths = writtenFolders(root).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map(
      (name) => `${folder}/${String(name).split(sep).join('/')}`,
    ),
  );
  return new Map(paths.filter(isSource).map((path) => [path, readSource(root, path)]));
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {Source}
 */
export function readSource(root, path) {
  const text = readFileSync(join(root, path), 'utf8');
  // A file in the middle of being written may not parse: then it has no imports yet.
  const { module } = parseSync(path, text);
  const resolve = (/** @type {string} */ name) => {
    const target = posix.join(posix.dirname(path), name);
    return path.endsWith('.ts') ? target.replace(/\.js$/, '.ts') : target;
  };
  const files = [...text.matchAll(/(['"`])(\.{1,2}\/[^'"`\s]+\.m?js)\1/g)].map(([, , name = '']) => resolve(name));
  const packages = module.staticImports.flatMap(({ moduleRequest, entries }) => {
    // `@styleflow/bundles`, or a side door: `@styleflow/bundles/verify`.
    const [, name, side] = /^@styleflow\/([^/]+)(\/[^/]+)?$/.exec(moduleRequest.value) ?? [];
    if (name === undefined) return [];
    const door = `packages/${name}/src${side ?? ''}/index.ts`;
    const values = entries.filter(({ isType }) => !isType);
    if (entries.length > 0 && values.length === 0) return [];
    const names = values.map(({ importName }) => importName.name ?? null);
    return [{ door, names: names.includes(null) || names.length === 0 ? null : names.map(String) }];
  });
  /** @type {Source['exports']} */
  const exports = new Map();
  /** @type {string[]} */
  const passedOn = [];
  for (const { entries } of module.staticExports) {
    for (const { exportName, moduleRequest } of entries) {
      const from = moduleRequest === null ? null : resolve(moduleRequest.value);
      if (exportName.name !== null) exports.set(exportName.name, from);
      else if (from !== null) passedOn.push(from);
    }
  }
  return { files, packages, exports, passedOn, text };
}
