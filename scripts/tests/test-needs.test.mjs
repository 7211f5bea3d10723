import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findTests, matchTests } from './find-tests.mjs';
import { readTestNeeds } from './read-test-needs.mjs';
import { NEEDS_OF_TESTING, TEST_NEEDS } from './test-needs.mjs';
import { pathWithout, writeUndeclaredPrograms } from './undeclared-programs.mjs';

/** In two parts, since vitest would read it here as well. */
const TAG = ['@module', 'tag'].join('-');

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'needs-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** @param {Record<string, string>} files */
function write(files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/**
 * What the first file needs.
 * @param {Record<string, string>} files
 */
function needsOf(files) {
  write(files);
  const [path = ''] = Object.keys(files);
  return readTestNeeds(root, [path]).get(path);
}

describe('the table of needs', () => {
  it('has an entry for everything that the testing package exports, and for nothing else', async () => {
    const testing = await import('../../packages/testing/dist/index.js');
    expect(Object.keys(NEEDS_OF_TESTING).sort()).toEqual(Object.keys(testing).sort());
  });

  it('names only needs that exist', () => {
    expect(Object.keys(TEST_NEEDS)).toEqual(expect.arrayContaining(Object.values(NEEDS_OF_TESTING).flat()));
  });
});

describe('what a test needs', () => {
  const path = 'packages/queue/src/a.test.ts';

  it('follows from what it imports of the testing package', () => {
    expect(needsOf({ [path]: "import { startRedis, until } from '@styleflow/testing';" })).toEqual(['redis']);
  });

  it('is nothing when it imports a type', () => {
    const text =
      "import { type RedisServer } from '@styleflow/testing'; import type { S3Server } from '@styleflow/testing';";
    expect(needsOf({ [path]: text })).toEqual([]);
  });

  it('follows from the test files that it shares with others', () => {
    const files = {
      [path]: "import { start } from './test-system.js';",
      'packages/queue/src/test-system.ts':
        "import './store.cases.js'; import { startRedis } from '@styleflow/testing';",
      'packages/queue/src/store.cases.ts': `// ${TAG} curl\nexport {};`,
    };
    expect(needsOf(files)).toEqual(['redis', 'curl']);
  });

  it('is what its marker says', () => {
    expect(needsOf({ [path]: `// ${TAG} ffmpeg\n// ${TAG} ps\nimport { it } from 'vitest';` })).toEqual([
      'ffmpeg',
      'ps',
    ]);
  });

  it('refuses a marker that names nothing known', () => {
    expect(() => needsOf({ [path]: `// ${TAG} ffmpge` })).toThrow(
      'packages/queue/src/a.test.ts: @module-tag ffmpge is none of redis, ffmpeg',
    );
  });

  it('is everything for a scenario', () => {
    expect(needsOf({ 'e2e/src/a.test.ts': '' })).toEqual(expect.arrayContaining(['redis', 'ffmpeg', 's3']));
  });
});

describe('a pattern', () => {
  it('finds tests by a part of their source or compiled path', () => {
    const file = (/** @type {string} */ path) => ({ [path]: '' });
    write({
      ...file('packages/queue/src/a.test.ts'),
      ...file('packages/media/src/b/c.test.ts'),
      ...file('scripts/d.test.mjs'),
    });
    const tests = findTests(root);
    const match = (/** @type {string[]} */ ...patterns) =>
      matchTests(tests, patterns, root).map(({ source }) => source);
    expect(match()).toHaveLength(3);
    expect(match('queue')).toEqual(['packages/queue/src/a.test.ts']);
    expect(match('packages/media/src/b/c.test.ts')).toEqual(['packages/media/src/b/c.test.ts']);
    expect(match('packages/media/dist/b')).toEqual(['packages/media/src/b/c.test.ts']);
    expect(match(join(root, 'packages/queue/src/a.test.ts'), 'scripts')).toEqual([
      'packages/queue/src/a.test.ts',
      'scripts/d.test.mjs',
    ]);
  });
});

describe('a program that a test starts', () => {
  const run = (/** @type {readonly string[]} */ needs) => {
    const script =
      "const { spawnSync } = require('child_process'); process.stderr.write(spawnSync('memcached', ['-h']).stderr);";
    const env = { ...process.env, PATH: pathWithout(needs, process.env.PATH ?? '') };
    return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env }).stderr;
  };

  it('is refused by name when the test does not declare it', () => {
    writeUndeclaredPrograms();
    expect(run([])).toContain('a test starts memcached and nobody knows that it needs "s3": put // @module-tag s3');
  });

  it('fails a whole test file, in the way that npm test runs it', () => {
    const test = join(root, 'a.test.mjs');
    write({
      'a.test.mjs': `
        import { execFileSync } from 'node:child_process';
        it('one', () => { execFileSync('redis-server', ['--version']); });`,
      'vitest.config.mjs': `export default { test: {
        globals: true,
        runner: ${JSON.stringify(fileURLToPath(new URL('./needs-runner.mjs', import.meta.url)))},
        provide: { needsOfTests: ${JSON.stringify({ [test]: ['ffmpeg'] })} },
        tags: [{ name: 'ffmpeg' }],
      } };`,
    });
    const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [vitest, 'run', '--root', root], { encoding: 'utf8' });
    expect(stderr).toContain('a test starts redis-server and nobody knows that it needs "redis"');
    expect(status).toBe(1);
  });
});
