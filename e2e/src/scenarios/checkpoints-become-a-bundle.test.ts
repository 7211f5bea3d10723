import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TINY } from '@styleflow/testing/models';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../../packages/cli/dist/main.js', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-import-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const styleflow = (...args: string[]) => run(process.execPath, [CLI, 'models', ...args]);

it('PyTorch files become a bundle by one command, which tells what it took, and it verifies', async () => {
  const out = join(folder, 'tiny');
  const files = [
    ['--content', 'style-content-tiny.pth'],
    ['--style-gru', 'style-gru-tiny.pth'],
    ['--psp', 'psp-tiny.pt'],
  ].flatMap(([flag = '', name = '']) => [flag, join(TINY, name)]);
  const imported = await styleflow('import', ...files, '--out', out, '--untrained', '--record', '--json');
  const told = JSON.parse(imported.stdout) as { id: string; roles: unknown[]; files: Record<string, number> };
  expect(told.id).toMatch(/^tiny@[0-9a-f]{12}$/);
  expect(told.roles).toMatchObject([
    { role: 'content', format: 'torch-legacy', tensorsUsed: 240, widths: { stem: 2, C: 32, heads: 16 } },
    { role: 'style-gru', parameters: 873_055, widths: { S: 32, H: 128 } },
    { role: 'psp', wrapping: ['state_dict'], prefix: 'encoder.', widths: { S: 32 } },
  ]);
  expect(told.files['styleflow.onnx']).toBeGreaterThan(9e6);
  const verified = await styleflow('verify', out, '--json');
  expect(JSON.parse(verified.stdout)).toMatchObject([
    { id: told.id, variant: 'style-content', trained: false, expectations: 'matched', recordedOn: 'cpu' },
  ]);
});

it('a role that comes alone becomes a bundle of parts, and a broken bundle does not stop the list', async () => {
  const [good, bad] = [join(folder, 'psp'), join(folder, 'bad')];
  const table = await styleflow('import', '--psp', join(TINY, 'psp-tiny.pt'), '--parts', '--out', `${good}/`);
  expect(table.stdout).toMatch(/ psp +psp-tiny\.pt +5\.3 MB +559 +51 +1,274,608 /);
  expect(table.stdout).toContain('unused of psp-tiny.pt: decoder.style.1.weight\n');
  expect(table.stdout).toContain('parts only: no worker serves them');
  await cp(good, bad, { recursive: true });
  await appendFile(join(bad, 'psp.onnx'), 'x');
  const { stdout } = await styleflow('list', '--dir', folder, '--json');
  const rows = JSON.parse(stdout) as { directory: string }[];
  const row = (directory: string) => rows.find((each) => each.directory === directory);
  expect(row(good)).toMatchObject({ variant: 'parts', parts: ['psp.onnx'] });
  expect(row(bad)).toMatchObject({ error: { code: 'bundle_unknown', message: expect.stringContaining('damaged') } });
  await expect(styleflow('verify', bad)).rejects.toMatchObject({ code: 2 });
});

it('the same command may be given again; another bundle takes its place only with --replace', async () => {
  const out = join(folder, 'place');
  const content = (name: string) => ['--content', join(TINY, `${name}.pth`), '--out', out, '--json'];
  const [first, again] = [
    JSON.parse((await styleflow('import', ...content('content-tiny'))).stdout),
    JSON.parse((await styleflow('import', ...content('content-tiny'))).stdout),
  ];
  expect([first.replaced, again.replaced, again.id]).toEqual([null, first.id, first.id]);
  await expect(styleflow('import', ...content('style-content-tiny'))).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      `^error: invalid_request: .*place holds ${first.id}, and this is another one .*--replace`,
    ),
  });
  const other = JSON.parse((await styleflow('import', ...content('style-content-tiny'), '--replace')).stdout);
  expect(other.replaced).toBe(first.id);
  const table = await styleflow('import', ...content('style-content-tiny').slice(0, -1));
  expect(table.stdout).toContain(`  in place of ${other.id}\n`);
});

it('the list finds what an import wrote to the folder that the guide names', async () => {
  const files = ['--content', join(TINY, 'content-tiny.pth'), '--out', 'bundles/mine', '--json'];
  const there = { cwd: folder };
  const { id } = JSON.parse((await run(process.execPath, [CLI, 'models', 'import', ...files], there)).stdout) as {
    id: string;
  };
  const { stdout } = await run(process.execPath, [CLI, 'models', 'list', '--json'], there);
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ id, directory: join(folder, 'bundles/mine') }));
});

it('a file that is no checkpoint is refused with exit code 2, and nothing is left behind', async () => {
  const out = join(folder, 'none');
  const refused = run(process.execPath, [CLI, 'models', 'import', '--content', CLI, '--out', out]);
  await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: invalid_request: /) });
  await expect(run(process.execPath, [CLI, 'models', 'verify', out])).rejects.toMatchObject({ code: 2 });
});
