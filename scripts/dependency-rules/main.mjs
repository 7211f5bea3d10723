import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { findViolations } from './find-violations.mjs';
import { readModule } from './read-module.mjs';
import { LEVELS } from './rules.mjs';

/**
 * `node scripts/dependency-rules/main.mjs ROOT`: checks every source file of `ROOT/packages/*` and `ROOT/e2e`.
 * Exits 1 when a rule is broken or speaks of a package that is not there, with a line for each.
 */
const root = process.argv[2] ?? '.';
const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
const paths = [...packages, 'e2e'].flatMap((folder) => sourcesBelow(`${folder}/src`));
const modules = new Map(paths.map((path) => [path, readModule(path, readFileSync(join(root, path), 'utf8'))]));
const lost = Object.keys(LEVELS).filter((name) => !existsSync(join(root, 'packages', name, 'package.json')));
const violations = [
  ...findViolations(modules),
  ...lost.map((name) => `scripts/dependency-rules/rules.mjs: LEVELS names ${name}, which is no package`),
];
for (const violation of violations) process.stdout.write(`${violation}\n`);
process.stdout.write(`${modules.size} files, ${violations.length} broken dependency rules\n`);
process.exitCode = violations.length === 0 && modules.size > 0 ? 0 : 1;

/** @param {string} folder from the root */
function sourcesBelow(folder) {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true }).map((name) => String(name).split(sep).join('/'));
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => `${folder}/${name}`);
}
