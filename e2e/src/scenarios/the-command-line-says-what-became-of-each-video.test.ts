import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../system/command-line.js';
import { type SystemUnderTest, startSystem } from '../system/system.js';

let system: SystemUnderTest;
let folder: string;
/** Runs the command line against the system, in the folder of the videos. */
const styleflow = (...args: string[]) => runCommandLine(args, { cwd: folder, env: { STYLEFLOW_API: system.url } });

beforeAll(async () => {
  system = await startSystem();
  folder = await mkdtemp(join(tmpdir(), 'styleflow-command-line-'));
  const video = await makeVideo({ frames: 40 });
  for (const name of ['good.mp4', '-dash.mp4', 'two\nlines \u202Egpj.mp4']) await symlink(video, join(folder, name));
  await writeFile(join(folder, 'text.mp4'), 'no video');
  await mkdir(join(folder, 'folder'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await system.stop();
});

describe('submit', () => {
  it('goes on after a refused video, names it, and exits 2 although the last one succeeded', async () => {
    const { exitCode, stdout, stderr } = await styleflow('submit', 'none.mp4', 'text.mp4', 'good.mp4', '--wait');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error: invalid_request: there is no file none.mp4\n');
    expect(stderr).toMatch(/^error: unsupported_media: text\.mp4: /m);
    expect(stdout).toContain('verdict: inconclusive');
    const report = /^report: (http\S+)$/m.exec(stdout)?.[1] ?? '';
    expect((await fetch(report)).headers.get('Content-Type')).toContain('text/html');
  });

  it('prints one line a job with the name of its file', async () => {
    const { exitCode, stdout } = await styleflow('submit', 'good.mp4', './-dash.mp4');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^job_\S+ queued .*good\.mp4\njob_\S+ queued .*-dash\.mp4\n$/);
  });

  it('shows a name that holds control characters and turned words as one plain line', async () => {
    const { stdout } = await styleflow('submit', 'two\nlines \u202Egpj.mp4');
    expect(stdout).toMatch(/^[^\n\u202E]*two\uFFFDlines \uFFFDgpj\.mp4\n$/);
  });

  it.each([
    ['folder', 'folder is a folder; name the videos in it'],
    ['ftp://host/a.mp4', 'ftp is not fetched; give a file or an http(s) URL'],
    ['http://', 'http:// is no valid URL'],
  ])('refuses %s before anything is sent', async (video, sentence) => {
    const { exitCode, stderr } = await styleflow('submit', video);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: invalid_request: /);
    expect(stderr).toContain(sentence);
  });

  it('takes a bundle by its id, and stops at one that nobody serves', async () => {
    const [model] = (await system.client.models()).models;
    expect((await styleflow('submit', 'good.mp4', '--bundle', model?.id ?? '')).exitCode).toBe(0);
    const refused = await styleflow('submit', 'good.mp4', 'good.mp4', '--bundle', 'other@0123456789ab');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr.match(/^error: bundle_unknown/gm)).toHaveLength(1);
  });

  it('says once that the API is not there, and exits 1', async () => {
    const { exitCode, stderr } = await styleflow('submit', 'good.mp4', 'good.mp4', '--api', 'http://127.0.0.1:9');
    expect(exitCode).toBe(1);
    expect(stderr.match(/^error: internal: /gm)).toHaveLength(1);
  });

  it('takes an address without http:// for a mistake of the caller', async () => {
    const { exitCode, stderr } = await styleflow('status', 'job', '--api', 'localhost:8000');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('localhost:8000 is no address; it looks like http://127.0.0.1:8000');
  });
});

it('help does not show the key that the environment holds', async () => {
  const { stdout } = await runCommandLine(['submit', '--help'], { env: { STYLEFLOW_API_KEY: 'sf_secret' } });
  expect(stdout).toContain('STYLEFLOW_API_KEY');
  expect(stdout).not.toContain('sf_secret');
});

it('analyze tells mistyped names without starting a system for them', async () => {
  const { exitCode, stderr } = await runCommandLine(['analyze', 'none.mp4'], { cwd: folder, env: { PATH: '' } });
  expect(exitCode).toBe(2);
  expect(stderr).toBe('error: invalid_request: there is no file none.mp4\n');
});

it.each<[string, Record<string, string>, string[], string]>([
  [
    'a bundle that is not there',
    {},
    ['--bundle', 'none'],
    'error: bundle_unknown: gpu-worker did not start: STYLEFLOW_BUNDLE: there is no',
  ],
  [
    'a wrong setting',
    { STYLEFLOW_EXECUTION_PROVIDERS: 'abacus' },
    [],
    'did not start: wrong settings: STYLEFLOW_EXECUTION_PROVIDERS: allowed: a list of tensorrt, cuda, cpu',
  ],
])('analyze exits 2 for %s', async (_what, env, flags, sentence) => {
  const { exitCode, stderr } = await runCommandLine(['analyze', 'good.mp4', ...flags], { cwd: folder, env });
  expect(stderr).toContain(sentence);
  expect(exitCode).toBe(2);
});
