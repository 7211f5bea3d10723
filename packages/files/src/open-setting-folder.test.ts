import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSettingFolder } from './open-setting-folder.js';

describe('the folder of a setting', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'setting-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made where it is missing, and nothing stays in it', async () => {
    const path = join(folder, 'a', 'b');
    await openSettingFolder('STYLEFLOW_SCRATCH_DIR', path);
    expect(await readdir(path)).toEqual([]);
  });

  it('is refused by the name of its setting where it cannot be', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      await expect(openSettingFolder('STYLEFLOW_SCRATCH_DIR', path)).rejects.toMatchObject({
        code: 'invalid_request',
        message: expect.stringMatching(/^STYLEFLOW_SCRATCH_DIR: nothing can be written to .* is no folder/),
      });
    }
  });

  it('is refused where a file system makes none', { tags: ['linux'] }, async () => {
    for (const path of ['/proc/styleflow', '/proc/self/styleflow/below', '/sys/styleflow'])
      await expect(openSettingFolder('STYLEFLOW_BUNDLE_CACHE', path)).rejects.toThrow(/^STYLEFLOW_BUNDLE_CACHE: /);
  });
});
