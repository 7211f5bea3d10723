import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quietLogger } from '../test-system.js';
import { openScratch } from './scratch.js';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'styleflow-scratch-test-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('openScratch', () => {
  it('removes what killed processes of this host left, and nothing else', async () => {
    const { pid: dead } = spawnSync('true');
    const names = {
      dead: `styleflow-scratch.${hostname()}.${dead}.abc`,
      living: `styleflow-scratch.${hostname()}.${process.ppid}.abc`,
      elsewhere: `styleflow-scratch.another-host.${dead}.abc`,
      foreign: 'holiday-pictures',
    };
    for (const name of Object.values(names)) await mkdir(join(parent, name));
    const scratch = await openScratch(parent, quietLogger);
    const left = await readdir(parent);
    expect(left).not.toContain(names.dead);
    expect(left).toEqual(expect.arrayContaining([names.living, names.elsewhere, names.foreign]));
    await scratch.close();
    expect(await readdir(parent)).toHaveLength(3);
  });

  it('gives each task a folder of its own that is gone afterwards, also when the task fails', async () => {
    const scratch = await openScratch(join(parent, 'made', 'when-missing'), quietLogger);
    const failing = scratch.withFolder(async (folder) => {
      await writeFile(join(folder, 'source'), 'video');
      throw new Error('for a test');
    });
    await expect(failing).rejects.toThrow('for a test');
    expect(await readdir(scratch.folder)).toEqual([]);
    await scratch.close();
  });

  it('makes its folder again when it was tidied away, and blames the worker when the disk is gone', async () => {
    const place = join(parent, 'disk');
    const scratch = await openScratch(place, quietLogger);
    await scratch.check();
    expect(await readdir(scratch.folder)).toEqual([]);
    await rm(scratch.folder, { recursive: true });
    const lost = { code: 'internal', fault: 'worker', away: 'scratch' };
    await expect(scratch.withFolder(async () => undefined)).rejects.toMatchObject(lost);
    await scratch.check();
    await scratch.withFolder(async () => undefined);
    await rm(place, { recursive: true });
    await expect(scratch.check()).rejects.toMatchObject(lost);
    await expect(scratch.withFolder(async () => undefined)).rejects.toMatchObject(lost);
    await scratch.close();
  });

  it('is refused by the name of its setting where nothing can be written', async () => {
    await writeFile(join(parent, 'file'), '');
    await expect(openScratch(join(parent, 'file', 'scratch'), quietLogger)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/^STYLEFLOW_SCRATCH_DIR: nothing can be written to /),
    });
  });
});
