import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PERTURBATIONS } from '@styleflow/judging';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openRun } from './evaluate-run.js';
import { withCopies } from './perturb-videos.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-perturb-'));
  const programs = join(folder, 'programs');
  await mkdir(programs);
  await writeFile(join(programs, 'ffmpeg'), `#!/bin/sh\necho ' V....D libopenh264 OpenH264'\n`);
  await chmod(join(programs, 'ffmpeg'), 0o755);
  // The copies and the shell that starts ffmpeg keep their files here.
  vi.stubEnv('TMPDIR', join(folder, 'scratch'));
  await mkdir(join(folder, 'scratch'));
  vi.stubEnv('PATH', [programs, '/usr/bin', '/bin'].join(delimiter));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

it('an ffmpeg without x264 ends the run: no video is noted as one that failed, and no file stays', async () => {
  const request = { input: 'x', protocol: 'all-faces', isAdapted: false, options: {}, seed: 1 } as const;
  const run = await openRun({ ...request, out: join(folder, 'run') }, { videos: [], notes: [] });
  const group = [{ id: 'a', source: join(folder, 'a.mp4'), changes: PERTURBATIONS.slice(0, 1) }];
  const use = vi.fn();
  await expect(withCopies(run, group, new AbortController().signal, use)).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('this one has libopenh264 alone'),
  });
  expect(use).not.toHaveBeenCalled();
  expect(run.outcomes).toEqual([]);
  expect((await readdir(join(folder, 'scratch'))).filter((name) => name.startsWith('styleflow-copies'))).toEqual([]);
});
