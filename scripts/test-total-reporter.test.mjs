import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const VITEST = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const REPORTER = fileURLToPath(new URL('./test-total-reporter.mjs', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reporter-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/**
 * Runs vitest on the given test files.
 * @param {Record<string, string>} files
 */
function runTests(files) {
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
  const args = ['run', '--root', folder, '--globals', '--reporter', 'default', '--reporter', REPORTER];
  const { status, stdout } = spawnSync(process.execPath, [VITEST, ...args], { encoding: 'utf8' });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

describe('the last line of a test run', () => {
  it('counts tests and exits 0 when all passed', () => {
    const files = { 'a.test.mjs': "it('one', () => {}); describe('more', () => { it('two', () => {}); });" };
    expect(runTests(files)).toEqual({ status: 0, lastLine: '2 passed, 0 failed' });
  });

  it('counts a failing test', () => {
    const files = { 'a.test.mjs': "it('one', () => {}); it('two', () => { expect(1).toBe(2); });" };
    expect(runTests(files)).toEqual({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('counts a file that cannot be loaded as one failure', () => {
    const files = { 'a.test.mjs': "it('one', () => {});", 'b.test.mjs': "import './gone.js'; it('two', () => {});" };
    expect(runTests(files)).toEqual({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('counts an error that nobody caught', () => {
    const source =
      "it('one', () => new Promise((done) => { setTimeout(() => { done(); throw new Error('late'); }); }));";
    expect(runTests({ 'a.test.mjs': source })).toEqual({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('counts a failing hook of a file', () => {
    const source = "it('one', () => {}); afterAll(() => { throw new Error('not closed'); });";
    expect(runTests({ 'a.test.mjs': source })).toEqual({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('counts a skipped test as a failure', () => {
    const files = { 'a.test.mjs': "it('one', () => {}); it.skip('two', () => {});" };
    expect(runTests(files)).toEqual({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('is not green when there is no test', () => {
    expect(runTests({})).toEqual({ status: 1, lastLine: '0 passed, 1 failed' });
  });
});
