import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { LEVELS } from './rules.mjs';

const CHECKER = fileURLToPath(new URL('./main.mjs', import.meta.url));
/** @type {string[]} */
const folders = [];

/**
 * Runs the checker, as `npm run check` does, on a repository made of the given files, with the packages of the rules.
 * @param {Record<string, string>} files
 * @param {readonly string[]} [packages]
 */
function checkRepository(files, packages = Object.keys(LEVELS)) {
  const root = mkdtempSync(join(tmpdir(), 'dependency-rules-'));
  folders.push(root);
  const all = { ...Object.fromEntries(packages.map((name) => [`packages/${name}/package.json`, '{}'])), ...files };
  for (const [path, source] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), source);
  }
  const { status, stdout } = spawnSync(process.execPath, [CHECKER, root], { encoding: 'utf8' });
  return { status, stdout };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('the dependency rules', () => {
  it('pass a repository that keeps them', () => {
    const { status, stdout } = checkRepository({
      'packages/contracts/src/index.ts': "export { type Id, newId } from './id.js';",
      'packages/contracts/src/id.ts': 'export type Id = string; export const newId = (): Id => "a";',
      'packages/scoring/src/index.ts': "import type { Id } from '@styleflow/contracts'; export type Scored = Id;",
      'packages/queue/src/env.ts': 'export const url = process.env.STYLEFLOW_REDIS_URL;',
      'packages/queue/src/index.ts': "import { Queue } from 'bullmq'; export const queue = new Queue('a');",
      'packages/queue/src/queue.test.ts':
        "import { it } from 'vitest'; import { startRedis } from '@styleflow/testing';",
      'packages/inference/src/session/session.ts': "export { InferenceSession } from 'onnxruntime-node';",
      'packages/cli/src/main.ts':
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the fixture's own template
        "import '@styleflow/client'; const name = 'api'; import.meta.resolve(`@styleflow/${name}/main`);",
      'packages/cli/src/test-system.ts':
        "import { startRedis } from '@styleflow/testing'; export const env = process.env;",
      'e2e/src/a.test.ts': "import { client } from '@styleflow/client'; import.meta.resolve('@styleflow/api/main');",
    });
    expect(stdout).toBe('10 files, 0 broken dependency rules\n');
    expect(status).toBe(0);
  });

  it('refuse to speak of a package that is not there', () => {
    const files = { 'packages/contracts/src/index.ts': 'export const a = 1;' };
    const there = Object.keys(LEVELS).filter((name) => name !== 'client');
    const { status, stdout } = checkRepository(files, there);
    expect(stdout).toContain('rules.mjs: LEVELS names client, which is no package');
    expect(status).toBe(1);
  });

  it.each([
    ['an import that goes up', 'packages/queue/src/a.ts', "import { x } from '@styleflow/api';", 'lies above it'],
    [
      'a type-only import that goes up',
      'packages/media/src/a.ts',
      "import type { X } from '@styleflow/faces';",
      'lies above it',
    ],
    [
      'a type named inside a type',
      'packages/media/src/a.ts',
      "type A = import('@styleflow/faces').B;",
      'lies above it',
    ],
    ['a re-export that goes up', 'packages/media/src/a.ts', "export * from '@styleflow/faces';", 'lies above it'],
    ['a dynamic import that goes up', 'packages/media/src/a.ts', "await import('@styleflow/faces');", 'lies above it'],
    [
      'a neighbour of one level',
      'packages/queue/src/a.ts',
      "import { x } from '@styleflow/storage';",
      'on its own level',
    ],
    [
      'one process importing another',
      'packages/api/src/a.ts',
      "import { x } from '@styleflow/cpu-worker';",
      'on its own level',
    ],
    [
      'the command-line tool importing a process',
      'packages/cli/src/a.ts',
      "import { x } from '@styleflow/api';",
      'on its own level',
    ],
    [
      'a worker starting another process',
      'packages/cpu-worker/src/a.ts',
      "import.meta.resolve('@styleflow/api/main');",
      'in a text',
    ],
    ['a deep import', 'packages/api/src/a.ts', "import { x } from '@styleflow/queue/dist/records.js';", 'front door'],
    [
      'a deep import out of a scenario',
      'e2e/src/a.test.ts',
      "import { x } from '@styleflow/queue/src/records.js';",
      'front door',
    ],
    [
      'a relative path into another package',
      'packages/api/src/a.ts',
      "import { x } from '../../queue/src/a.js';",
      'leaves the package',
    ],
    ['express outside the API', 'packages/client/src/a.ts', "import express from 'express';", 'only packages/api/ may'],
    [
      'a type of ioredis outside the queue',
      'packages/api/src/a.ts',
      "import type { Redis } from 'ioredis';",
      'only packages/queue/ may',
    ],
    [
      'the AWS SDK outside the store',
      'packages/sources/src/a.ts',
      "import { S3Client } from '@aws-sdk/client-s3';",
      'only packages/storage/ may',
    ],
    [
      'ffmpeg outside media',
      'packages/faces/src/a.ts',
      "import ffmpeg from 'fluent-ffmpeg';",
      'only packages/media/ may',
    ],
    [
      'ONNX Runtime beside the session',
      'packages/inference/src/a.ts',
      "import { Tensor } from 'onnxruntime-node';",
      'session.ts may',
    ],
    [
      'prom-client outside runtime',
      'packages/api/src/a.ts',
      "import { register } from 'prom-client';",
      'only packages/runtime/ may',
    ],
    [
      'the environment read elsewhere',
      'packages/api/src/a.ts',
      'export const a = process.env.HOME;',
      'reads the environment',
    ],
    [
      'the environment by another name',
      'packages/api/src/a.ts',
      "import { env } from 'node:process';",
      'reads the environment',
    ],
    ['the environment taken apart', 'packages/api/src/a.ts', 'const { env } = process;', 'reads the environment'],
    [
      'test servers outside a test',
      'packages/api/src/a.ts',
      "import { startRedis } from '@styleflow/testing';",
      'only tests may',
    ],
    ['vitest outside a test', 'packages/api/src/a.ts', "import { it } from 'vitest';", 'only tests may'],
    [
      'a test package that knows the product',
      'packages/testing/src/a.ts',
      "import { x } from '@styleflow/queue';",
      'no other package',
    ],
    ['a package without a level', 'packages/api/src/a.ts', "import { x } from '@styleflow/novelty';", 'no level'],
    ['an import of nothing', 'packages/api/src/a.ts', "import { x } from './gone.js';", 'does not exist'],
  ])('refuse %s', (_name, path, source, reason) => {
    const { status, stdout } = checkRepository({ 'packages/contracts/src/index.ts': 'export {};', [path]: source });
    expect(stdout).toContain(`${path}: `);
    expect(stdout).toContain(reason);
    expect(stdout).toContain(', 1 broken dependency rules');
    expect(status).toBe(1);
  });

  it('refuse a cycle that only types close', () => {
    const { status, stdout } = checkRepository({
      'packages/queue/src/a.ts': "import { b } from './b.js'; export type A = typeof b;",
      'packages/queue/src/b.ts': "import type { A } from './a.js'; export const b: A | null = null;",
      'packages/queue/src/c.ts': "import { b } from './b.js'; export const c = b;",
    });
    expect(stdout).toContain('is in a cycle: packages/queue/src/a.ts → packages/queue/src/b.ts\n');
    expect(stdout).toContain('3 files, 1 broken dependency rules');
    expect(status).toBe(1);
  });

  it('refuse an import that goes up within a package with floors', () => {
    const { status, stdout } = checkRepository({
      'packages/converter/src/index.ts': "export { a } from './pictures/a.js';",
      'packages/converter/src/pictures/a.ts': "import type { B } from '../networks/b.js'; export const a: B = 1;",
      'packages/converter/src/networks/b.ts': "import { c } from '../pictures/c.js'; export type B = typeof c;",
      'packages/converter/src/pictures/c.ts': 'export const c = 1;',
    });
    expect(stdout).toContain(
      'packages/converter/src/pictures/a.ts: imports ../networks/b.js, which lies in a folder above it',
    );
    expect(stdout).toContain('4 files, 1 broken dependency rules');
    expect(status).toBe(1);
  });

  it('refuse an import between neighbouring folders of a package', () => {
    const { status, stdout } = checkRepository({
      'packages/storage/src/s3/a.ts': "import { b } from '../file/b.js'; export const a = b;",
      'packages/storage/src/file/b.ts': "import { c } from '../port/c.js'; export const b = c;",
      'packages/storage/src/port/c.ts': 'export const c = 1;',
    });
    expect(stdout).toContain('packages/storage/src/s3/a.ts: imports ../file/b.js, which lies in a neighbouring folder');
    expect(stdout).toContain('3 files, 1 broken dependency rules');
    expect(status).toBe(1);
  });

  it.each([
    ['a scenario that leans on a benchmark', 'scenarios/a.test.ts', '../bench/b.js', 'in a neighbouring folder'],
    ['a benchmark that leans on a scenario', 'bench/a.ts', '../scenarios/b.js', 'in a neighbouring folder'],
    ['what both share leaning on a scenario', 'system/a.ts', '../scenarios/b.js', 'in a folder above it'],
  ])('refuse %s', (_name, path, target, reason) => {
    const { status, stdout } = checkRepository({
      'packages/contracts/src/index.ts': 'export {};',
      [`e2e/src/${path}`]: `import { b } from '${target}'; import { system } from '../system/system.js';`,
      [`e2e/src/${target.slice(3, -3)}.ts`]: 'export const b = 1;',
      'e2e/src/system/system.ts': 'export const system = 1;',
    });
    expect(stdout).toContain(`e2e/src/${path}: imports ${target}, which lies ${reason}`);
    expect(stdout).toContain('4 files, 1 broken dependency rules');
    expect(status).toBe(1);
  });

  it('refuse a worker that reaches what makes models, also by way of other packages', () => {
    const { status, stdout } = checkRepository({
      'packages/gpu-worker/src/a.ts': "import { open } from '@styleflow/bundles';",
      'packages/bundles/src/verify/b.ts': "import type { Shapes } from '@styleflow/checkpoints';",
    });
    expect(stdout).toContain(
      'packages/gpu-worker: reaches checkpoints, which makes models: gpu-worker → bundles → checkpoints\n',
    );
    expect(stdout).toContain('2 files, 1 broken dependency rules');
    expect(status).toBe(1);
  });

  it.each(['api', 'cpu-worker', 'gpu-worker'])(
    'refuse %s that imports what makes models, but not its tests',
    (name) => {
      const source = "import { importBundle } from '@styleflow/converter';";
      const { stdout } = checkRepository({ [`packages/${name}/src/a.ts`]: source });
      expect(stdout).toContain(`packages/${name}: reaches converter, which makes models: ${name} → converter\n`);
      expect(checkRepository({ [`packages/${name}/src/a.test.ts`]: source }).status).toBe(0);
    },
  );

  it('pass side doors that are named, and steps within a level that tests alone may take', () => {
    const { status } = checkRepository({
      'packages/cli/src/a.ts': "import { verifyBundle } from '@styleflow/bundles/verify';",
      'packages/onnx/src/a.test.ts': "import { openSession } from '@styleflow/inference';",
    });
    expect(status).toBe(0);
    const { stdout } = checkRepository({
      'packages/onnx/src/a.ts': "import { openSession } from '@styleflow/inference';",
    });
    expect(stdout).toContain('on its own level');
  });

  it('refuse a product file that leans on what tests share', () => {
    const { status, stdout } = checkRepository({
      'packages/queue/src/test-jobs.ts': 'export const job = 1;',
      'packages/queue/src/a.ts': "import { job } from './test-jobs.js'; export const a = job;",
    });
    expect(stdout).toContain('packages/queue/src/a.ts: imports ./test-jobs.js, which belongs to the tests');
    expect(status).toBe(1);
  });

  it('refuse a repository in which they find no file', () => {
    expect(checkRepository({ 'packages/contracts/README.md': '' }).status).toBe(1);
  });
});
