import { join } from 'node:path';
import { ROOT } from '../set-up/root.mjs';
import { findTests } from './find-tests.mjs';
import { readTestNeeds } from './read-test-needs.mjs';
import { TEST_NEEDS } from './test-needs.mjs';
import { writeUndeclaredPrograms } from './undeclared-programs.mjs';
import { readUnmetNeeds } from './unmet-needs.mjs';

/**
 * What vitest is told: the needs of each test file by its absolute path, and a tag for each need. The tests of a need
 * that `npm test` could not meet are skipped; a vitest that was started by other means skips none.
 */
export function describeNeeds() {
  writeUndeclaredPrograms();
  const tests = findTests(ROOT);
  const needs = readTestNeeds(
    ROOT,
    tests.map(({ source }) => source),
  );
  const unmet = readUnmetNeeds();
  const names = /** @type {import('./test-needs.mjs').NeedName[]} */ (Object.keys(TEST_NEEDS));
  return {
    needsOfTests: Object.fromEntries(tests.map(({ source, runs }) => [join(ROOT, runs), needs.get(source) ?? []])),
    tags: names.map((name) => ({
      name,
      description: TEST_NEEDS[name].about,
      ...(unmet[name] !== undefined && { skip: true }),
    })),
  };
}
