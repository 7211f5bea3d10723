import { posix } from 'node:path';
import { findCycles } from './find-cycles.mjs';
import { findForbiddenReach } from './find-forbidden-reach.mjs';
import {
  ENVIRONMENT_FILE,
  FOLDERS,
  LEVELS,
  MAY_START_PROCESSES,
  PROCESSES,
  SAME_LEVEL_EXCEPTIONS,
  SCENARIOS,
  SIDE_DOORS,
  SOLE_OWNERS,
  TEST_FILE,
  TEST_PACKAGE,
  TEST_STEPS,
} from './rules.mjs';

/** @type {Readonly<Record<string, number>>} */
const levels = LEVELS;

/**
 * @param {ReadonlyMap<string, import('./read-module.mjs').ModuleFacts>} modules by path from the root, `/`-separated
 * @returns {string[]} one sentence per broken rule, `path: what, why`
 */
export function findViolations(modules) {
  const violations = [...modules].flatMap(([path, facts]) =>
    [
      ...facts.imports.flatMap((name) => judgeImport(path, name, modules)),
      ...facts.packageTexts.flatMap((text) => judgePackageText(path, text)),
      facts.readsEnvironment && !ENVIRONMENT_FILE.test(path) && !isTest(path)
        ? 'reads the environment, which only files named env.ts do'
        : null,
    ].flatMap((reason) => (reason === null ? [] : [`${path}: ${reason}`])),
  );
  const graph = new Map([...modules].map(([path, facts]) => [path, relativeTargets(path, facts.imports, modules)]));
  const cycles = findCycles(graph).map((cycle) => `${cycle[0]}: is in a cycle: ${cycle.join(' → ')}`);
  const products = new Map([...modules].filter(([path]) => !isTest(path)));
  return [...violations, ...cycles, ...findForbiddenReach(products, packageOf)];
}

/**
 * @param {string} path
 * @param {string} name as written in the import
 * @param {ReadonlyMap<string, unknown>} modules
 * @returns {string[]}
 */
function judgeImport(path, name, modules) {
  if (name.startsWith('.')) return judgeRelative(path, name, modules);
  if (name.startsWith('@styleflow/')) return judgeWorkspace(path, name);
  const reasons = [];
  const rule = SOLE_OWNERS.find(({ module }) => module.test(name));
  const mayImport =
    rule === undefined || [rule.owner, ...[rule.alsoIn ?? []].flat()].some((place) => path.startsWith(place));
  if (!mayImport) reasons.push(`imports ${name}, which only ${rule.owner} may`);
  if (/^vitest(\/|$)/.test(name) && !isTest(path)) reasons.push(`imports ${name}, which only tests may`);
  return reasons;
}

/**
 * @param {string} path
 * @param {string} name
 * @param {ReadonlyMap<string, unknown>} modules
 */
function judgeRelative(path, name, modules) {
  const target = targetOf(path, name, modules);
  if (packageOf(target) !== packageOf(path)) return [`imports ${name}, which leaves the package`];
  if (!modules.has(target)) return [`imports ${name}, which does not exist as a source file`];
  if (TEST_FILE.test(target) && !isTest(path)) return [`imports ${name}, which belongs to the tests`];
  if (isTest(path) && packageOf(path) !== SCENARIOS) return [];
  const [from, to] = [placeOf(path), placeOf(target)];
  if (to.floor > from.floor) return [`imports ${name}, which lies in a folder above it`];
  const isNeighbour = to.floor === from.floor && to.folder !== from.folder;
  return isNeighbour ? [`imports ${name}, which lies in a neighbouring folder`] : [];
}

/**
 * A file's folder and its place among those of the package; infinite and without a name for files beside them and in
 * packages without floors.
 * @param {string} path
 */
function placeOf(path) {
  const folder = path.split('/src/')[1]?.split('/')[0] ?? '';
  /** @type {Readonly<Record<string, ReadonlyArray<string | readonly string[]>>>} */
  const folders = FOLDERS;
  const floor = folders[packageOf(path)]?.findIndex((one) => [one].flat().includes(folder)) ?? -1;
  return floor < 0 ? { floor: Number.POSITIVE_INFINITY, folder: '' } : { floor, folder };
}

/**
 * @param {string} path
 * @param {string} name
 */
function judgeWorkspace(path, name) {
  const from = packageOf(path);
  const [, to = '', ...deeper] = name.split('/');
  const step = `${from} → ${to}`;
  const isSideDoor = SIDE_DOORS.has([to, ...deeper].join('/'));
  if (deeper.length > 0 && !isSideDoor)
    return [`imports ${name}: other packages are imported by their front door, @styleflow/${to}`];
  if (to === TEST_PACKAGE) return isTest(path) ? [] : [`imports ${name}, which only tests may`];
  if (levels[to] === undefined) return [`imports ${name}, which has no level in the rules`];
  if (from === SCENARIOS) return [];
  const level = levels[from];
  if (level === undefined) return [`imports ${name}, but ${from} may import no other package`];
  if (levels[to] > level) return [`imports ${name}, which lies above it (${step})`];
  if (isTest(path) && TEST_STEPS.has(step)) return [];
  if (levels[to] === level && !SAME_LEVEL_EXCEPTIONS.has(step)) {
    return [`imports ${name}, which lies on its own level (${step})`];
  }
  return [];
}

/**
 * A package named outside an import: whoever starts a process resolves its `/main`, nothing else.
 * @param {string} path
 * @param {string} text
 */
function judgePackageText(path, text) {
  const [, to = '', ...deeper] = text.split('/');
  // `@styleflow/${name}/main` starts with the scope alone.
  const namesProcess = to === '' ? deeper.length === 0 : PROCESSES.has(to) && deeper.join('/') === 'main';
  if (namesProcess && MAY_START_PROCESSES.has(packageOf(path))) return [];
  // The console is no code to the API: files that it serves, found by where their package lies.
  if (packageOf(path) === 'api' && text === '@styleflow/console/package.json') return [];
  return [`names ${text} in a text, which only those who start processes may, and only as @styleflow/PROCESS/main`];
}

/**
 * @param {string} path
 * @param {string[]} names
 * @param {ReadonlyMap<string, unknown>} modules
 */
function relativeTargets(path, names, modules) {
  const targets = names.filter((name) => name.startsWith('.')).map((name) => targetOf(path, name, modules));
  return targets.filter((target) => modules.has(target));
}

/**
 * @param {string} path
 * @param {string} name as compiled: `./x.js` stands for `./x.ts` or `./x.tsx`
 * @param {ReadonlyMap<string, unknown>} modules
 */
function targetOf(path, name, modules) {
  const target = posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts');
  return modules.has(`${target}x`) ? `${target}x` : target;
}

/** @param {string} path */
function isTest(path) {
  return TEST_FILE.test(path) || packageOf(path) === SCENARIOS || packageOf(path) === TEST_PACKAGE;
}

/** @param {string} path `packages/NAME/…` or `e2e/…` */
function packageOf(path) {
  const [first = '', second = ''] = path.split('/');
  return first === 'packages' ? second : first;
}
