import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAffected } from './find-affected.mjs';
import { readSources } from './read-sources.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'affected-'));
  write({
    'packages/scoring/package.json': '{}',
    'packages/scoring/src/index.ts': "export { decide } from './decide.js'; export * from './rank.js';",
    'packages/scoring/src/decide.ts': 'export const decide = 1;',
    'packages/scoring/src/rank.ts': "import type { A } from './shape.js'; export const rank = 2;",
    'packages/scoring/src/shape.ts': 'export type A = 1;',
    'packages/scoring/src/decide.test.ts': "import { decide } from './decide.js';",
    'packages/queue/package.json': '{}',
    'packages/queue/lua/end.lua': '',
    'packages/queue/src/ender.ts': "import { decide } from '@styleflow/scoring'; load('end');",
    'packages/queue/src/ender.test.ts': "import { x } from './ender.js';",
    'packages/queue/src/ranker.test.ts': "import { rank } from '@styleflow/scoring';",
    'packages/queue/src/types.test.ts': "import type { A } from '@styleflow/scoring';",
    'e2e/package.json': '{}',
    'scripts/a.mjs': '',
  });
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

/** @param {string} path */
const testsOf = (path) =>
  [...findAffected(readSources(root), [path])].filter((each) => each.endsWith('.test.ts')).sort();

describe('a change', () => {
  it('reaches, through the front door of its package, those who use the name it makes and no others', () => {
    expect(testsOf('packages/scoring/src/decide.ts')).toEqual([
      'packages/queue/src/ender.test.ts',
      'packages/scoring/src/decide.test.ts',
    ]);
  });

  it('is followed through whatever a file passes on', () => {
    expect(testsOf('packages/scoring/src/shape.ts')).toEqual(['packages/queue/src/ranker.test.ts']);
  });

  it('of a front door reaches everybody who comes through it', () => {
    expect(testsOf('packages/scoring/src/index.ts')).toEqual([
      'packages/queue/src/ender.test.ts',
      'packages/queue/src/ranker.test.ts',
    ]);
  });

  it('of a test reaches that test', () => {
    expect(testsOf('packages/queue/src/types.test.ts')).toEqual(['packages/queue/src/types.test.ts']);
  });

  it('of a file without imports reaches those who name it', () => {
    expect(testsOf('packages/queue/lua/end.lua')).toEqual(['packages/queue/src/ender.test.ts']);
  });
});
