import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leftoverPrefix } from './leftover-folders.js';
import { replaceDirectory } from './replace-directory.js';

const CODE = new URL('./replace-directory.js', import.meta.url).href;

let folder: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replace-'));
  target = join(folder, 'it');
});
afterEach(() => rm(folder, { recursive: true }));

const fillWith = (text: string) => (fresh: string) => writeFile(join(fresh, 'file'), text);
const replaceBy = (text: string) => replaceDirectory(target, fillWith(text), async () => false);
const content = () => readFile(join(target, 'file'), 'utf8');

/** Starts a process that kills itself while it fills a folder for the target. Answers its id. */
async function dieFilling(): Promise<number> {
  const script = `
    import { replaceDirectory } from ${JSON.stringify(CODE)};
    import { writeFileSync } from 'node:fs';
    await replaceDirectory(${JSON.stringify(target)}, async (fresh) => {
      writeFileSync(fresh + '/file', 'half');
      process.kill(process.pid, 'SIGKILL');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    }, async () => false);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
  return child.pid ?? 0;
}

describe('replaceDirectory', () => {
  it('puts the new folder in the place of the old one, also when the path ends in a slash', async () => {
    await replaceBy('old');
    await replaceDirectory(`${target}/`, fillWith('new'), async () => false);
    expect(await content()).toBe('new');
    expect(await readdir(folder)).toEqual(['it']);
  });

  it('leaves the old folder alone when filling fails', async () => {
    await replaceBy('old');
    const failing = replaceDirectory(
      target,
      () => Promise.reject(new Error('no more')),
      async () => false,
    );
    await expect(failing).rejects.toThrow('no more');
    expect(await content()).toBe('old');
    expect(await readdir(folder)).toEqual(['it']);
  });

  it('shows nothing under the name when the process is killed, and clears what it left the next time', async () => {
    await dieFilling();
    const left = await readdir(folder);
    expect(left).toHaveLength(1);
    expect(left).not.toContain('it');
    await replaceBy('whole');
    expect(await readdir(folder)).toEqual(['it']);
    expect(await content()).toBe('whole');
  });

  it('brings back a folder that a killed process had set aside', async () => {
    const dead = await dieFilling();
    const aside = `${leftoverPrefix(target).replace(`.${process.pid}-`, `.${dead}-`)}abcdef.old`;
    await mkdir(aside);
    await writeFile(join(aside, 'file'), 'older');
    const failing = replaceDirectory(
      target,
      () => Promise.reject(new Error('no more')),
      async () => false,
    );
    await expect(failing).rejects.toThrow('no more');
    expect(await content()).toBe('older');
    expect(await readdir(folder)).toEqual(['it']);
  });

  it('leaves alone what living processes, other machines and other people keep beside it', async () => {
    const others = [
      basename(`${leftoverPrefix(target)}abcdef`),
      `it.another-host.${2 ** 22 + 1}-abcdef`,
      'it.backup',
      'it.2-photos',
      'item.host.3-abcdef',
    ];
    for (const name of others) await mkdir(join(folder, name));
    await replaceBy('new');
    expect((await readdir(folder)).sort()).toEqual([...others, 'it'].sort());
  });
});
