import { OUT_OF_REACH } from './rules.mjs';

/**
 * The ways on which a process reaches a package that it must run without: over the packages, since whoever installs one
 * installs all that it names, from whichever of its files.
 * @param {ReadonlyMap<string, import('./read-module.mjs').ModuleFacts>} modules without the tests
 * @param {(path: string) => string} packageOf
 * @returns {string[]} a sentence for each, with the whole way
 */
export function findForbiddenReach(modules, packageOf) {
  /** @type {Map<string, Set<string>>} */
  const steps = new Map();
  for (const [path, { imports }] of modules) {
    const from = packageOf(path);
    const targets = steps.get(from) ?? new Set();
    steps.set(from, targets);
    for (const name of imports) if (name.startsWith('@styleflow/')) targets.add(name.split('/')[1] ?? '');
  }
  return OUT_OF_REACH.from.flatMap((start) => {
    const ways = waysFrom(start, steps);
    return OUT_OF_REACH.to.flatMap((target) => {
      const way = ways.get(target);
      return way ? [`packages/${start}: reaches ${target}, which makes models: ${way.join(' → ')}`] : [];
    });
  });
}

/**
 * A shortest way to each package that can be reached.
 * @param {string} start
 * @param {ReadonlyMap<string, ReadonlySet<string>>} steps
 */
function waysFrom(start, steps) {
  /** @type {Map<string, string[]>} */
  const ways = new Map([[start, [start]]]);
  for (const [from, way] of ways) {
    for (const to of steps.get(from) ?? []) if (!ways.has(to)) ways.set(to, [...way, to]);
  }
  return ways;
}
