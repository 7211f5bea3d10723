import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {import('./bill-of-materials.mjs').Component} Component */

/** Licences under which anything may be used together with Apache-2.0. */
const ALLOWED = new Set([
  ...[
    'Apache-2.0',
    'MIT',
    'MIT-0',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Zlib',
    'Unlicense',
    'BlueOak-1.0.0',
  ],
  ...['CC0-1.0', 'Python-2.0'],
]);

/** Licences that ask for something in return. Each package under one stands in docs/third-party.md, with why it is no harm. */
const NAMED = new Set(['LGPL-3.0-or-later', 'LGPL-2.1-or-later', 'MPL-2.0', 'CC-BY-4.0']);

const PAGE = 'docs/third-party.md';

/**
 * Packages whose licence is none that we allow, and packages under a licence that asks for something which the page does not name.
 * @param {readonly Component[]} components
 * @param {string} root of the repository, whose page is read
 * @returns {{ findings: string[], named: string[] }} `named`: those that the page names
 */
export function checkLicences(components, root) {
  const page = readFileSync(join(root, PAGE), 'utf8');
  /** @type {string[]} */
  const findings = [];
  /** @type {string[]} */
  const named = [];
  for (const component of components) {
    const name = component.group === undefined ? component.name : `${component.group}/${component.name}`;
    const licence = licenceOf(component);
    if (licence === null) findings.push(`${name} ${component.version}: it states no licence`);
    else if (isAllowed(licence, ALLOWED)) continue;
    else if (!isAllowed(licence, new Set([...ALLOWED, ...NAMED])))
      findings.push(`${name} ${component.version}: ${licence} is not among the licences that are allowed`);
    else if (![...page.matchAll(/`([^`]+)`/g)].some(([, pattern = '']) => matches(name, pattern)))
      findings.push(`${PAGE} does not name ${name}, which is under ${licence}`);
    else named.push(`${name} (${licence})`);
  }
  return { findings, named };
}

/** @param {Component} component @returns {string | null} an SPDX expression */
function licenceOf({ licenses = [] }) {
  const each = licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '');
  return each.length === 0 || each.includes('')
    ? null
    : each.length === 1
      ? (each[0] ?? null)
      : each.map((one) => `(${one})`).join(' AND ');
}

/**
 * Whether an SPDX expression can be met by licences of a set: of `OR` one side, of `AND` both, and AND binds more tightly.
 * @param {string} expression
 * @param {ReadonlySet<string>} allowed
 * @returns {boolean}
 */
export function isAllowed(expression, allowed) {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const any = () => {
    let isMet = all();
    while (tokens[at] === 'OR') {
      at += 1;
      // Both sides are read, whatever the first one says.
      isMet = all() || isMet;
    }
    return isMet;
  };
  const all = () => {
    let isMet = one();
    while (tokens[at] === 'AND') {
      at += 1;
      isMet = one() && isMet;
    }
    return isMet;
  };
  /** @returns {boolean} */
  const one = () => {
    const token = tokens[at];
    at += 1;
    if (token !== '(') return token !== undefined && allowed.has(token);
    const isMet = any();
    at += 1;
    return isMet;
  };
  return any() && at === tokens.length;
}

/** @param {string} name @param {string} pattern may end in a star */
const matches = (name, pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern);
