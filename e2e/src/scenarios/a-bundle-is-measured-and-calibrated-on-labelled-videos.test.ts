import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommandLine } from '../system/command-line.js';
import { MEAN_OF_PICTURE } from '../system/mean-of-picture.js';

let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-judged-'));
  await writeFile(at('mean.onnx'), MEAN_OF_PICTURE);
  const descriptor = { layout: 'NCHW', size: [64, 64], frames: 8, output: { kind: 'probability' }, threshold: 0.4 };
  await writeFile(at('mean.json'), JSON.stringify(descriptor));
  await styleflow('models', 'import-onnx', at('mean.onnx'), '--descriptor', at('mean.json'), '--out', at('bundle'));
  // Whose face is the brighter one plays the fake; a few seconds apart, so that no two videos are equal.
  for (const [label, recording] of [
    ['real', 'cap13_edit2'],
    ['fake', 'franck'],
  ] as const) {
    await mkdir(at('data', label), { recursive: true });
    for (let n = 0; n < 5; n++) {
      const video = await makeVideo({ people: [recording], startSeconds: 1 + 3 * n, frames: 32 });
      await copyFile(video, at('data', label, `${n}.mp4`));
    }
  }
  await copyFile(await makeVideo({ people: [], frames: 32 }), at('data', 'real', 'no-face.mp4'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function styleflow(...args: string[]) {
  const run = await runCommandLine(args, { env: { XDG_STATE_HOME: at('state') } });
  const [first = '', ...more] = run.stdout.trim().split('\n');
  return { ...run, json: first.startsWith('{') && more.length === 0 ? JSON.parse(first) : null };
}

it('a folder of labelled videos gives figures and a page, and the run gives a bundle that keeps to what it was measured on', async () => {
  const evaluate = ['evaluate', at('data'), '--out', at('run'), '--bundle', at('bundle'), '--json'];
  const first = await styleflow(...evaluate);
  expect([first.exitCode, first.stderr]).toEqual([0, expect.stringContaining('11 videos of 11 to score')]);
  expect(first.json.run).toMatchObject({ protocol: 'all-faces', data: { fakes: 5, reals: 6 } });
  expect(first.json.groups[0]).toMatchObject({ videos: 11, scored: 10, withoutFace: 1, failed: 0 });
  expect(first.json.groups[0].video.measures.auc).toBeGreaterThan(0.5);
  const page = await readFile(at('run', 'index.html'), 'utf8');
  expect(page).toContain('Protocol <b>all-faces</b>');
  expect((await readFile(at('run', 'pictures', 'roc.png'))).subarray(1, 4).toString()).toBe('PNG');
  expect((await readFile(at('run', 'scores.csv'), 'utf8')).trim().split('\n')).toHaveLength(12);

  const calibrated = await styleflow(
    ...['calibrate', at('run'), '--bundle', at('bundle'), '--out', at('calibrated'), '--threshold', 'youden', '--json'],
  );
  expect(calibrated.json).toMatchObject({ method: 'platt', fakes: 5, reals: 5 });
  expect(calibrated.json.id).not.toBe(calibrated.json.from);

  // As it was measured it answers; with another way to look for faces, or a longer video, it does not.
  const [known, longer] = [at('data', 'fake', '0.mp4'), await makeVideo({ people: ['franck'], frames: 64 })];
  const analyze = (...flags: string[]) =>
    styleflow('analyze', known, longer, '--bundle', at('calibrated'), '--out', at('results'), '--json', ...flags);
  const { stdout } = await analyze();
  const [inside, outside] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).result);
  expect(['fake', 'real']).toContain(inside.verdict.label);
  expect(inside.faces[0].quality).toMatchObject({ faceWidth: expect.any(Number), sharpness: expect.any(Number) });
  expect(outside.verdict).toMatchObject({ label: 'inconclusive', reason: 'outside_calibration' });
  expect(outside.verdict.outside).toContainEqual({ fact: 'clips', value: 2, range: [1, 1] });
});

it('what cannot be judged is told before anything is scored', async () => {
  const told = async (...args: string[]) => {
    const { exitCode, stderr } = await styleflow(...args);
    return [exitCode, stderr];
  };
  const out = ['--out', at('refused')];
  expect(await told('evaluate', at('data'), ...out, '--protocol', 'deepfakebench')).toEqual([
    2,
    expect.stringMatching(/clips of 16 frames.*--protocol-adapted/),
  ]);
  await writeFile(at('list.csv'), 'source,label\ndata/fake/0.mp4,maybe\ngone.mp4,real\n');
  expect(await told('evaluate', at('list.csv'), ...out)).toEqual([
    2,
    expect.stringMatching(/line 2: maybe is neither fake nor real; line 3: there is no file gone\.mp4/),
  ]);
  await rm(at('data', 'real', '4.mp4'));
  expect(await told('evaluate', at('data'), '--out', at('run'), '--bundle', at('bundle'))).toEqual([
    2,
    expect.stringMatching(/^error: conflict: .*its videos were edited: 1 video gone \(real\/4\.mp4\)/),
  ]);
  const bound = ['calibrate', at('run'), '--bundle', at('bundle'), '--out', at('never'), '--max-fpr', '0.05'];
  expect(await told(...bound)).toEqual([
    2,
    expect.stringMatching(/needs at least 59 scored real videos; this run has 5/),
  ]);
});
