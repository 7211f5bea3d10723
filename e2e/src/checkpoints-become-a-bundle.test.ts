import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const TINY = fileURLToPath(new URL('../../packages/models/fixtures/tiny/', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-import-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('PyTorch files become a bundle by one command, and its digests verify', async () => {
  const out = join(folder, 'tiny');
  const files = [
    ['--content', 'style-content-tiny.pth'],
    ['--style-gru', 'style-gru-tiny.pth'],
    ['--psp', 'psp-tiny.pt'],
  ].flatMap(([flag = '', name = '']) => [flag, join(TINY, name)]);
  const imported = await run(process.execPath, [
    CLI,
    'models',
    'import',
    ...files,
    '--out',
    out,
    '--untrained',
    '--json',
  ]);
  const { id } = JSON.parse(imported.stdout) as { id: string };
  expect(id).toMatch(/^tiny@[0-9a-f]{12}$/);
  const verified = await run(process.execPath, [CLI, 'models', 'verify', out, '--json']);
  expect(JSON.parse(verified.stdout)).toMatchObject([{ id, variant: 'style-content', trained: false }]);
});

it('a file that is no checkpoint is refused with exit code 2, and nothing is left behind', async () => {
  const out = join(folder, 'none');
  const refused = run(process.execPath, [CLI, 'models', 'import', '--content', CLI, '--out', out]);
  await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: invalid_request: /) });
  await expect(run(process.execPath, [CLI, 'models', 'verify', out])).rejects.toMatchObject({ code: 2 });
});
