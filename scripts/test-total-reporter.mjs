/**
 * A vitest reporter whose only output is the run's last line, `N passed, N failed`.
 *
 * What is counted are tests; a file that cannot be loaded, a hook that fails outside any test, an error that nobody
 * caught, and a run that finds no test file each count as one failure, so that the line never says `0 failed` about a
 * run that is not sound.
 * A test that was skipped or left to do is a failure as well: the project keeps none.
 */
export default class TestTotalReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const { passed, failed } = countTests(modules, unhandledErrors);
    if (failed > 0) process.exitCode = 1;
    // Printed at the very end, after the summaries that other reporters and vitest itself still write.
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}

/**
 * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
 * @param {ReadonlyArray<unknown>} unhandledErrors
 * @returns {{passed: number, failed: number}}
 */
export function countTests(modules, unhandledErrors) {
  let passed = 0;
  let failed = unhandledErrors.length + (modules.length === 0 ? 1 : 0);
  for (const module of modules) {
    const failedBefore = failed;
    let tests = 0;
    for (const test of module.children.allTests()) {
      tests += 1;
      if (test.result().state === 'passed') passed += 1;
      else failed += 1;
    }
    // A module can fail by itself: an import that throws, a hook that breaks, or no tests at all.
    if (failed === failedBefore && (tests === 0 || !module.ok())) failed += 1;
  }
  return { passed, failed };
}
