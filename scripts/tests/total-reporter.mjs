import { relative } from 'node:path';
import { sourcePath } from './find-tests.mjs';
import { readUnmetNeeds } from './unmet-needs.mjs';

/** @typedef {import('./fetch-test-needs.mjs').UnmetNeeds} UnmetNeeds */
/**
 * @typedef {object} Totals
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped for a need that this machine cannot meet, and for nothing else
 * @property {Map<string, Map<string, number>>} skippedBy need → test file → tests
 */

/**
 * A vitest reporter of the run's end: why tests were skipped, if any were, and the last line, `N passed, N failed`, or
 * `N passed, N failed, N skipped`.
 *
 * What is counted are tests; a file that cannot be loaded, a hook that fails outside any test, an error that nobody
 * caught, and a run that finds no test each count as one failure, so that the line never says `0 failed` about a run
 * that is not sound.
 * A test is skipped when the machine lacks what it needs. On CI that is a failure, since there nobody reads on; and
 * everywhere a test that its own file skips or leaves to do is one: the project keeps none.
 */
export default class TestTotalReporter {
  /** @type {import('vitest/node').Vitest | undefined} */
  #vitest;

  /** @param {import('vitest/node').Vitest} vitest */
  onInit(vitest) {
    this.#vitest = vitest;
  }

  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const config = this.#vitest?.config;
    const isSelected = config?.testNamePattern !== undefined || config?.tagsFilter !== undefined;
    const unmet = readUnmetNeeds();
    const totals = countTests(modules, unhandledErrors, { unmet, isSelected });
    const isCi = process.env.CI === 'true';
    if (totals.failed > 0 || (isCi && totals.skipped > 0)) process.exitCode = 1;
    const lines = [
      ...describeSkipped(totals, unmet, { isCi, root: config?.root ?? process.cwd() }),
      lastLine(totals, isCi),
    ];
    // Printed at the very end, after the summaries that other reporters and vitest itself still write.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}

/**
 * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
 * @param {ReadonlyArray<unknown>} unhandledErrors
 * @param {{ unmet: UnmetNeeds, isSelected: boolean }} options `isSelected`: the user chose among the tests by name or
 * tag, and those that were not chosen are not counted
 * @returns {Totals}
 */
function countTests(modules, unhandledErrors, { unmet, isSelected }) {
  let passed = 0;
  let failed = unhandledErrors.length;
  let skipped = 0;
  /** @type {Totals['skippedBy']} */
  const skippedBy = new Map();
  for (const module of modules) {
    const failedBefore = failed;
    let tests = 0;
    for (const test of module.children.allTests()) {
      tests += 1;
      const { state } = test.result();
      const missing = test.tags.filter((tag) => tag in unmet);
      if (state === 'passed') passed += 1;
      else if (state === 'skipped' && missing.length > 0) {
        skipped += 1;
        for (const need of missing) {
          const files = skippedBy.get(need) ?? new Map();
          skippedBy.set(need, files.set(module.moduleId, (files.get(module.moduleId) ?? 0) + 1));
        }
      } else if (state !== 'skipped' || !isSelected) failed += 1;
    }
    // A module can fail by itself: an import that throws, a hook that breaks, or no tests at all.
    if (failed === failedBefore && (tests === 0 || !module.ok())) failed += 1;
  }
  if (passed + failed + skipped === 0) failed = 1;
  return { passed, failed, skipped, skippedBy };
}

/**
 * @param {Totals} totals
 * @param {UnmetNeeds} unmet
 * @param {{ isCi: boolean, root: string }} options
 * @returns {string[]}
 */
function describeSkipped({ skipped, skippedBy }, unmet, { isCi, root }) {
  if (skipped === 0) return [];
  const rule = '='.repeat(80);
  const head = isCi
    ? `FAILED: ${skipped} tests were skipped, which on CI (CI=true) is a failure. This machine lacks what they need:`
    : `SKIPPED: ${skipped} tests, since this machine lacks what they need:`;
  const needs = [...skippedBy].flatMap(([need, files]) => [
    '',
    `${need} — ${Reflect.get(unmet, need)}`,
    ...[...files].map(([file, tests]) => `  ${sourcePath(relative(root, file))} (${tests})`),
  ]);
  return ['', rule, head, ...needs, rule];
}

/**
 * On CI what was skipped is counted as failed.
 * @param {Totals} totals
 * @param {boolean} isCi
 */
function lastLine({ passed, failed, skipped }, isCi) {
  if (isCi) return `${passed} passed, ${failed + skipped} failed`;
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
