import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mountSmallDisk, type SmallDisk } from './small-disk.js';

let folder: string;
let disk: SmallDisk | null;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'small-disk-'));
  disk = await mountSmallDisk(join(folder, 'disk'), 1_000_000);
});
afterAll(async () => {
  await disk?.stop();
  await rm(folder, { recursive: true });
});

it('takes nothing more once it was filled, and again when it is free', async (test) => {
  if (disk === null) return test.skip('this user may not mount');
  const file = join(disk.folder, 'file');
  await writeFile(file, 'fits');
  await disk.fill();
  await expect(writeFile(`${file}.2`, 'x')).rejects.toMatchObject({ code: 'ENOSPC' });
  await disk.free();
  await writeFile(`${file}.3`, 'x');
});
