import { inject, TestRunner } from 'vitest';
import { pathWithout } from './undeclared-programs.mjs';

/**
 * Tags each test file with what it needs: vitest skips the tests of a tag whose need this machine cannot meet, hooks
 * and all (vitest.config.ts). Programs that a file does not need are out of its reach.
 */
export default class NeedsRunner extends TestRunner {
  /** @override @param {import('vitest').RunnerTestFile} file */
  onCollectStart(file) {
    super.onCollectStart(file);
    const needs = inject('needsOfTests')[file.filepath];
    // vitest.config.ts includes it, so find-tests.mjs must as well.
    if (needs === undefined) throw new Error(`scripts/tests/find-tests.mjs does not find ${file.filepath}`);
    file.tags = [...new Set([...(file.tags ?? []), ...needs])];
    process.env.PATH = pathWithout(needs, process.env.PATH ?? '');
  }
}
