import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolders } from './make-folders.js';

describe('makeFolders', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'folders-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes what is missing, also when several make it at once and when it is there', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await Promise.all([makeFolders(path), makeFolders(path), makeFolders(join(folder, 'a', 'b'))]);
    await makeFolders(path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('gives up where a file stands in the way', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(makeFolders(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeFolders(join(folder, 'file', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('gives up where the file system makes no folders', { tags: ['linux'] }, async () => {
    await expect(makeFolders('/proc/no/folder/here')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
