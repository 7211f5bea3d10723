import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findLostNames, findReadmeGaps } from './find-readme-gaps.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'readmes-'));
  mkdirSync(join(root, 'packages/queue/src/ports/cases'), { recursive: true });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** @param {string} text */
const writeReadme = (text) => writeFileSync(join(root, 'packages/queue/README.md'), text);

describe("the packages' READMEs", () => {
  it('are right when the tree names every folder, at whatever depth', () => {
    writeReadme('```\nsrc/\n  ports/   what is promised\n    cases/   every promise as a test\n```');
    expect(findReadmeGaps(root)).toEqual([]);
  });

  it('are refused by the folder that the tree leaves out', () => {
    writeReadme('```\nsrc/\n  ports/   what is promised\n  test-cases/\n```');
    expect(findReadmeGaps(root)).toEqual(['packages/queue/README.md: does not name the folder cases/']);
  });

  it('are missed', () => {
    expect(findReadmeGaps(root)).toEqual([
      "packages/queue/README.md: is missing; the other packages' show what it holds",
    ]);
  });
});

describe('a page of recipes', () => {
  it('may name a file by the end of its path, and none that is gone', () => {
    writeFileSync(join(root, 'packages/queue/src/ports/job-queue.ts'), '');
    mkdirSync(join(root, 'e2e/src'), { recursive: true });
    writeFileSync(join(root, 'e2e/src/nothing-is-lost.test.ts'), '');
    writeFileSync(
      join(root, 'RECIPES.md'),
      'See `job-queue.ts`, `nothing-is-lost.test.ts`, `ports/job-queue.ts` and `ports/gone.ts`; `npm test -- x.test.ts`.',
    );
    expect(findLostNames(root, 'RECIPES.md')).toEqual(['RECIPES.md: names ports/gone.ts, which is in no package']);
  });
});
