import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of a package that hold what is made, not written. */
const MADE = new Set(['node_modules', 'dist', 'assets', 'coverage']);

/**
 * Folders that hold what people write: sources, and what lies beside them (scripts of Redis, fixtures).
 * @param {string} root
 * @returns {string[]} from the root
 */
export function writtenFolders(root) {
  const homes = [...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`), 'e2e'];
  const inside = homes
    .filter((home) => existsSync(join(root, home, 'package.json')))
    .flatMap((home) =>
      readdirSync(join(root, home), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !MADE.has(entry.name))
        .map((entry) => `${home}/${entry.name}`),
    );
  return [...inside, 'scripts'];
}

/** @param {string} path @returns {string} the package's folder, `e2e` or `scripts` */
export function homeOf(path) {
  const [first = '', second = ''] = path.split('/');
  return first === 'packages' ? `${first}/${second}` : first;
}

/** Whether it is a file with imports. @param {string} path */
export function isSource(path) {
  return /^(packages\/[^/]+\/src|e2e\/src|scripts)\/.*\.(ts|mjs)$/.test(path);
}

/** @param {string} path */
export function isTest(path) {
  return /\.test\.(ts|mjs)$/.test(path);
}
