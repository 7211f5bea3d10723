import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { describeNeeds } from './scripts/tests/describe-needs.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    needsOfTests: Readonly<Record<string, readonly string[]>>;
  }
}

const { needsOfTests, tags } = describeNeeds();

// The tests run as compiled output, so that worker threads and child processes load the very files that ship.
export default defineConfig({
  test: {
    include: ['packages/*/dist/**/*.test.js', 'e2e/dist/**/*.test.js', 'scripts/**/*.test.mjs'],
    pool: 'forks',
    // Node itself loads what was compiled; vitest would transform each of these files once more in every test file's process.
    server: { deps: { external: [/\/(packages|e2e)\/[^/]+\/dist\/(?!.*\.test\.js$)/] } },
    runner: './scripts/tests/needs-runner.mjs',
    provide: { needsOfTests },
    tags,
    // Many tests wait for outages to pass: on two cores two files at once take little more time than one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Real servers and real videos, maybe on a small, busy machine: only what hangs reaches this.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 30_000,
    allowOnly: false,
    passWithNoTests: false,
    reporters: ['default', './scripts/tests/total-reporter.mjs'],
  },
});
