import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDescriptorLimit, checkDescriptors, checkPrograms } from './check-worker.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-worker-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('what a CPU worker itself may lack', () => {
  it('is nothing on a machine that is well', async () => {
    await checkPrograms(process.env.PATH ?? '');
    await checkDescriptors();
    await checkDescriptorLimit(1);
  });

  it('is ffmpeg, when it is on no folder of the path or cannot be started', async () => {
    await expect(checkPrograms(folder)).rejects.toMatchObject({ fault: 'worker', away: 'programs' });
    await symlink('/bin/true', join(folder, 'ffmpeg'));
    await writeFile(join(folder, 'ffprobe'), '');
    await chmod(join(folder, 'ffprobe'), 0o644);
    await expect(checkPrograms(folder)).rejects.toThrow('ffprobe is not on the PATH');
    await chmod(join(folder, 'ffprobe'), 0o755);
    await checkPrograms(folder);
  });

  it.each([
    [80, 2, /^error: internal: This process may open 80 files, and needs .*`ulimit -n`.*\n$/],
    [200, 2, /^error: internal: This process may open 200 files, and needs .*`ulimit -n`.*\n$/],
    [900, 60, /^error: internal: This worker may open 900 files, and needs 1984 for 60 videos .*`ulimit -n`.*\n$/],
  ])('is descriptors, said in one sentence at the start: %d for %d videos at once', async (limit, videos, sentence) => {
    await expect(checkDescriptorLimit(1e6)).rejects.toMatchObject({ fault: 'worker', away: 'descriptors' });
    const main = fileURLToPath(new URL('../main.js', import.meta.url));
    const child = spawn('/bin/sh', ['-c', `ulimit -n ${limit} && exec "${process.execPath}" "${main}"`], {
      env: { PATH: process.env.PATH, STYLEFLOW_STORE: `file:${folder}`, STYLEFLOW_PREPARE_CONCURRENCY: String(videos) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    child.stderr.on('data', (data) => {
      log += String(data);
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(log).toMatch(sentence);
  });
});
