import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { SCENARIOS, TEST_FILE, TEST_PACKAGE } from '../dependency-rules/rules.mjs';
import { MARKER, NEEDS_OF_SCENARIOS, NEEDS_OF_TESTING, TEST_NEEDS } from './test-needs.mjs';

/** @typedef {import('./test-needs.mjs').NeedName} NeedName */

/** @type {Readonly<Record<string, readonly NeedName[]>>} */
const needsOfTesting = NEEDS_OF_TESTING;

/**
 * What each test file needs, by what it and the shared test files it imports take from the testing package, and by
 * their markers. Product code is not followed: a test that starts a program through it carries a marker.
 * @param {string} root
 * @param {readonly string[]} sources test files, from the root
 * @returns {Map<string, NeedName[]>} in the order of the table
 * @throws {Error} when a marker names no need or a file does not parse
 */
export function readTestNeeds(root, sources) {
  /** @type {Map<string, { needs: NeedName[], shared: string[] }>} */
  const read = new Map();
  /** @param {string} path */
  const readOnce = (path) => {
    const known = read.get(path);
    if (known !== undefined) return known;
    const facts = readFacts(root, path);
    read.set(path, facts);
    return facts;
  };
  return new Map(
    sources.map((source) => {
      /** @type {Set<string>} */
      const needs = new Set();
      const open = [source];
      const seen = new Set(open);
      for (let path = open.pop(); path !== undefined; path = open.pop()) {
        const facts = readOnce(path);
        for (const need of facts.needs) needs.add(need);
        for (const next of facts.shared) {
          if (!seen.has(next)) open.push(next);
          seen.add(next);
        }
      }
      const names = /** @type {NeedName[]} */ (Object.keys(TEST_NEEDS));
      return [source, names.filter((name) => needs.has(name))];
    }),
  );
}

/**
 * @param {string} root
 * @param {string} path
 */
function readFacts(root, path) {
  const text = readFileSync(join(root, path), 'utf8');
  const needs = markedNeeds(path, text);
  if (path.startsWith(`${SCENARIOS}/`)) needs.push(...NEEDS_OF_SCENARIOS);
  /** @type {string[]} */
  const shared = [];
  for (const { from, names } of importsOf(path, text)) {
    const isRelative = from.startsWith('.');
    if (from === `@styleflow/${TEST_PACKAGE}` || (isRelative && path.startsWith(`packages/${TEST_PACKAGE}/`))) {
      needs.push(...names.flatMap((name) => needsOfTesting[name] ?? []));
    } else if (isRelative) {
      const target = posix.join(posix.dirname(path), from).replace(/\.js$/, '.ts');
      if (TEST_FILE.test(target) && existsSync(join(root, target))) shared.push(target);
    }
  }
  return { needs, shared };
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {NeedName[]}
 */
function markedNeeds(path, text) {
  return [...text.matchAll(MARKER)].map(([, name = '']) => {
    if (!(name in TEST_NEEDS)) {
      throw new Error(`${path}: @module-tag ${name} is none of ${Object.keys(TEST_NEEDS).join(', ')}`);
    }
    return /** @type {NeedName} */ (name);
  });
}

/**
 * Imports of values; types need nothing.
 * @param {string} path
 * @param {string} text
 * @returns {{ from: string, names: string[] }[]}
 */
function importsOf(path, text) {
  const { module, errors } = parseSync(path, text);
  const [first] = errors;
  if (first !== undefined) throw new Error(`${path} does not parse: ${first.message}`);
  const imports = module.staticImports.map(({ moduleRequest, entries }) => ({
    from: moduleRequest.value,
    names: entries.filter(({ isType }) => !isType).map(({ importName }) => importName.name ?? ''),
    isTypeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  return imports.filter(({ isTypeOnly }) => !isTypeOnly);
}
