import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PARTS_FROM_BYTES } from '@styleflow/client';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CommandLine, runCommandLine } from '../system/command-line.js';
import { type SystemUnderTest, startSystem } from '../system/system.js';

let system: SystemUnderTest;
let folder: string;
let films: string;
const env = () => ({ STYLEFLOW_API: system.url, XDG_STATE_HOME: join(folder, 'state') });
const submit = ['batch', 'submit', 'films', '--parallel', '1'];

beforeAll(async () => {
  system = await startSystem();
  folder = await mkdtemp(join(tmpdir(), 'styleflow-killed-upload-'));
  films = join(folder, 'films');
  const video = await makeVideo({ frames: 40 });
  await mkdir(films);
  for (const name of ['a.mp4', 'b.mp4', 'long.mp4']) await copyFile(video, join(films, name));
  await makeLong(join(films, 'long.mp4'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await system.stop();
});

/** Lets an MP4 file be so long that it goes in parts: players pass a `free` box over. */
async function makeLong(path: string): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  const box = Buffer.from('0000free');
  box.writeUInt32BE(2 * PARTS_FROM_BYTES);
  await file.write(box, 0, box.length, size);
  await file.truncate(size + 2 * PARTS_FROM_BYTES);
  await file.close();
}

/** The upload in parts that the command has noted. */
async function begun(): Promise<string | null> {
  const journals = join(folder, 'state', 'styleflow', 'uploads');
  const [name] = await readdir(journals).catch(() => []);
  const text = name === undefined ? '' : await readFile(join(journals, name), 'utf8');
  return /"uploadId":"(\w+)"[^\n]*"isWhole":false/.exec(text)?.[1] ?? null;
}

it('files that are there are not sent again, of a long one only the missing parts, and every video has its row', async () => {
  const killed = new CommandLine(submit, { cwd: folder, env: env() });
  const uploadId = await until('the long file is on its way', begun);
  const first = await until('a part of it is there', async () => {
    const { parts } = await system.client.uploads.get(uploadId);
    return (parts?.stored.length ?? 0) > 0 ? parts : null;
  });
  killed.child.kill('SIGKILL');
  await killed.ended();
  expect(first?.stored).not.toEqual([[1, first?.count]]);
  expect((await system.client.batches.page()).batches).toEqual([]);

  const { exitCode, stderr, stdout } = await runCommandLine([...submit, '--json'], { cwd: folder, env: env() });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: expect.stringContaining('going on: 2 files were uploaded before, of 1 more a part was'),
  });
  const { id } = JSON.parse(stdout) as { id: string };
  expect((await system.client.batches.page()).batches.map((batch) => batch.id)).toEqual([id]);

  const results = await runCommandLine(['batch', 'results', id, '--follow', '--format', 'csv'], { env: env() });
  const [, ...rows] = results.stdout.trim().split('\r\n');
  expect(
    rows.map((row) =>
      row
        .split(',')
        .filter((_, at) => at !== 1)
        .slice(0, 2),
    ),
  ).toEqual([
    ['a.mp4', 'succeeded'],
    ['b.mp4', 'succeeded'],
    ['long.mp4', 'succeeded'],
  ]);
  expect(rows.at(-1)).toContain(`upload:${uploadId}`);
});
