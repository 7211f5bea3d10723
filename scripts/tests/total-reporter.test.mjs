import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const REPORTER = fileURLToPath(new URL('./total-reporter.mjs', import.meta.url));

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
 * @param {{ env?: NodeJS.ProcessEnv, args?: string[], config?: object }} [options]
 */
function runTests(files, { env = {}, args: extra = [], config = {} } = {}) {
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
  writeFileSync(join(folder, 'vitest.config.mjs'), `export default { test: ${JSON.stringify(config)} };`);
  const args = ['run', '--root', folder, '--globals', '--reporter', 'default', '--reporter', REPORTER, ...extra];
  const { status, stdout } = spawnSync(process.execPath, [VITEST, ...args], {
    encoding: 'utf8',
    env: { ...process.env, CI: '', STYLEFLOW_UNMET_TEST_NEEDS: undefined, ...env },
  });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1), stdout };
}

describe('the last line of a test run', () => {
  it('counts tests and exits 0 when all passed', () => {
    const files = { 'a.test.mjs': "it('one', () => {}); describe('more', () => { it('two', () => {}); });" };
    expect(runTests(files)).toMatchObject({ status: 0, lastLine: '2 passed, 0 failed' });
  });

  it('counts a failing test', () => {
    const files = { 'a.test.mjs': "it('one', () => {}); it('two', () => { expect(1).toBe(2); });" };
    expect(runTests(files)).toMatchObject({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('counts a file that cannot be loaded as one failure', () => {
    const files = { 'a.test.mjs': "it('one', () => {});", 'b.test.mjs': "import './gone.js'; it('two', () => {});" };
    expect(runTests(files)).toMatchObject({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('counts an error that nobody caught', () => {
    const source =
      "it('one', () => new Promise((done) => { setTimeout(() => { done(); throw new Error('late'); }); }));";
    expect(runTests({ 'a.test.mjs': source })).toMatchObject({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('counts a failing hook of a file', () => {
    const source = "it('one', () => {}); afterAll(() => { throw new Error('not closed'); });";
    expect(runTests({ 'a.test.mjs': source })).toMatchObject({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('counts a skipped test as a failure', () => {
    const files = { 'a.test.mjs': "it('one', () => {}); it.skip('two', () => {});" };
    expect(runTests(files)).toMatchObject({ status: 1, lastLine: '1 passed, 1 failed' });
  });

  it('is not green when there is no test', () => {
    expect(runTests({})).toMatchObject({ status: 1, lastLine: '0 passed, 1 failed' });
  });

  describe('on a machine that lacks what a test needs', () => {
    const files = {
      'a.test.mjs': "it('one', () => {}); it('two', { tags: ['redis'] }, () => { throw new Error(); });",
    };
    const config = { tags: [{ name: 'redis', skip: true }] };
    const env = { STYLEFLOW_UNMET_TEST_NEEDS: JSON.stringify({ redis: 'there is no redis-server' }) };

    it('counts the test as skipped and says why', () => {
      const { stdout, ...rest } = runTests(files, { config, env });
      expect(rest).toEqual({ status: 0, lastLine: '1 passed, 0 failed, 1 skipped' });
      expect(stdout).toContain('SKIPPED: 1 tests');
      expect(stdout).toContain('redis — there is no redis-server\n  a.test.mjs (1)\n');
    });

    it('counts it as failed on CI', () => {
      const { stdout, ...rest } = runTests(files, { config, env: { ...env, CI: 'true' } });
      expect(rest).toEqual({ status: 1, lastLine: '1 passed, 1 failed' });
      expect(stdout).toContain('FAILED: 1 tests were skipped, which on CI (CI=true) is a failure');
    });
  });

  it('leaves out tests that were not chosen by name', () => {
    const files = { 'a.test.mjs': "it('one', () => {}); it('two', () => { throw new Error(); });" };
    expect(runTests(files, { args: ['-t', 'one'] })).toMatchObject({ status: 0, lastLine: '1 passed, 0 failed' });
    expect(runTests(files, { args: ['-t', 'three'] })).toMatchObject({ status: 1, lastLine: '0 passed, 1 failed' });
  });
});
