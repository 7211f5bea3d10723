import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { STATE } from '../set-up/root.mjs';
import { TEST_NEEDS } from './test-needs.mjs';

/** @typedef {import('./test-needs.mjs').NeedName} NeedName */

const FOLDER = join(STATE, 'undeclared-programs');
const NAMES = /** @type {NeedName[]} */ (Object.keys(TEST_NEEDS));

/** One folder for each need, with a stand-in for each of its programs that says what is wrong and fails. */
export function writeUndeclaredPrograms() {
  for (const name of NAMES) {
    mkdirSync(join(FOLDER, name), { recursive: true });
    const remedy = `put // @module-tag ${name} above its imports (scripts/tests/test-needs.mjs)`;
    for (const program of TEST_NEEDS[name].programs) {
      const told = `a test starts ${program} and nobody knows that it needs "${name}": ${remedy}`;
      writeFileSync(join(FOLDER, name, program), `#!/bin/sh\necho '${told}' >&2\nexit 127\n`, { mode: 0o755 });
    }
  }
}

/**
 * The PATH of a test: before everything else the stand-ins of what it does not need. So a need that is not declared is
 * noticed on the machine of whoever forgot it, which has the program, and by whatever way the program is started: by a
 * worker thread or a child process as well.
 * @param {readonly string[]} needs
 * @param {string} path
 */
export function pathWithout(needs, path) {
  const undeclared = NAMES.filter((name) => !needs.includes(name)).map((name) => join(FOLDER, name));
  return [...undeclared, path].join(delimiter);
}
