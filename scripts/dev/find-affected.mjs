import { posix } from 'node:path';
import { homeOf, isSource } from './places.mjs';

/** @typedef {ReadonlyMap<string, import('./read-sources.mjs').Source>} Sources */

/**
 * Every file that a change of these reaches, themselves included. A name that a package's front door passes on leads to
 * the file that makes it, so that a change reaches those who use it and not all who use the package.
 * @param {Sources} sources
 * @param {readonly string[]} changed from the root; what is no source counts as the sources that name it
 * @returns {Set<string>}
 */
export function findAffected(sources, changed) {
  const dependents = reverse(sources);
  const open = changed.flatMap((path) =>
    isSource(path) ? [path, ...visitorsOf(sources, path)] : namersOf(sources, path),
  );
  const affected = new Set(open);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const next of dependents.get(path) ?? []) {
      if (affected.has(next)) continue;
      affected.add(next);
      open.push(next);
    }
  }
  return affected;
}

/**
 * Those that were saved or name one of these among their imports.
 * @param {Sources} sources
 * @param {readonly string[]} changed
 * @returns {Set<string>}
 */
export function findNearest(sources, changed) {
  const isNear = (/** @type {[string, import('./read-sources.mjs').Source]} */ [path, { files }]) =>
    changed.includes(path) || files.some((file) => changed.includes(file));
  return new Set([...sources].filter(isNear).map(([path]) => path));
}

/**
 * @param {Sources} sources
 * @returns {Map<string, string[]>} file → files that use it
 */
function reverse(sources) {
  /** @type {Map<string, string[]>} */
  const dependents = new Map();
  for (const [path, { files, packages }] of sources) {
    const far = packages.flatMap(({ door, names }) =>
      names === null ? [door] : names.map((each) => makerOf(sources, door, each) ?? door),
    );
    for (const target of [...files, ...far]) dependents.set(target, [...(dependents.get(target) ?? []), path]);
  }
  return dependents;
}

/**
 * @param {Sources} sources
 * @param {string} path
 * @param {string} name
 * @returns {string | null} the file that makes the export
 */
function makerOf(sources, path, name) {
  const source = sources.get(path);
  if (source === undefined) return null;
  const from = source.exports.get(name);
  if (from === null) return path;
  if (from !== undefined) return makerOf(sources, from, name) ?? from;
  for (const next of source.passedOn) {
    const maker = makerOf(sources, next, name);
    if (maker !== null) return maker;
  }
  return null;
}

/**
 * Who comes in by the saved file, when it is the door of a package; nobody else.
 * @param {Sources} sources
 * @param {string} path
 */
function visitorsOf(sources, path) {
  return [...sources].filter(([, { packages }]) => packages.some(({ door }) => door === path)).map(([each]) => each);
}

/**
 * The sources of the file's package that name it, by its whole name or without its ending; all of them when none does.
 * @param {Sources} sources
 * @param {string} path
 */
function namersOf(sources, path) {
  const beside = [...sources].filter(([other]) => homeOf(other) === homeOf(path));
  const { base, name } = posix.parse(path);
  const quoted = new RegExp(`['"\`/](${[base, name].map((each) => each.replace(/\W/g, '\\$&')).join('|')})['"\`]`);
  const namers = beside.filter(([, { text }]) => quoted.test(text));
  return (namers.length > 0 ? namers : beside).map(([other]) => other);
}
