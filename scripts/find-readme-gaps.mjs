import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/**
 * Every package has a README whose tree names each folder of its sources, so that the map stays true when folders come
 * and go.
 * @param {string} root
 * @returns {string[]} one sentence per gap
 */
export function findReadmeGaps(root) {
  const packages = readdirSync(join(root, 'packages')).filter((name) =>
    existsSync(join(root, 'packages', name, 'src')),
  );
  return packages.flatMap((name) => {
    const readme = `packages/${name}/README.md`;
    if (!existsSync(join(root, readme))) return [`${readme}: is missing; the other packages' show what it holds`];
    const text = readFileSync(join(root, readme), 'utf8');
    const entries = readdirSync(join(root, 'packages', name, 'src'), { recursive: true, withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return [...new Set(folders)]
      .filter((folder) => !new RegExp(`(^|[^\\w-])${folder}/`, 'm').test(text))
      .map((folder) => `${readme}: does not name the folder ${folder}/`);
  });
}

/**
 * Source files of packages and scenarios that a page names between back quotes, by the end of their path, and that are nowhere.
 * @param {string} root
 * @param {string} page from the root
 * @returns {string[]} one sentence per name
 */
export function findLostNames(root, page) {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
  const paths = [...packages, 'e2e'].flatMap((place) => {
    const folder = join(root, place, 'src');
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true }).map((path) => `/${String(path).split(sep).join('/')}`);
  });
  const text = readFileSync(join(root, page), 'utf8');
  const names = [...text.matchAll(/`([a-z0-9/.-]+\.ts)`/g)].map(([, name = '']) => name);
  return [...new Set(names)]
    .filter((name) => !paths.some((path) => path.endsWith(`/${name}`)))
    .map((name) => `${page}: names ${name}, which is in no package`);
}
