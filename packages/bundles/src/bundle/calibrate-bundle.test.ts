import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { calibrateBundle } from './calibrate-bundle.js';
import { openServableBundle } from './open-bundle.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-calibrated-'));
  await writeFile(join(folder, 'styleflow.onnx'), 'weights');
  const manifest = {
    ...{ format: 1, name: 'mine', variant: 'content', trained: true, precision: 'fp32', threshold: 0.2 },
    ...{ clip: { frames: 32, size: 256 }, calibration: { a: 1, b: 0 }, graph: 'styleflow.onnx', bytesPerClip: 1 },
    ...{ files: { 'styleflow.onnx': createHash('sha256').update('weights').digest('hex') } },
    ...{ source: [], createdAt: '2026-01-01T00:00:00.000Z' },
  };
  await writeFile(join(folder, 'bundle.json'), JSON.stringify(manifest));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const FACTS = {
  calibration: { a: 2, b: -1 },
  threshold: 0.7,
  thresholds: { real: 0.3, fake: 0.7 },
  ranges: { fps: [24, 30] as [number, number] },
  calibratedOn: { run: 'run_1', date: '2026-02-03', data: 'digest' },
  styleBand: {
    groups: {
      coarse: [0.1, 0.2, 0.3] as [number, number, number],
      middle: [0.2, 0.3, 0.5] as [number, number, number],
      fine: [0.1, 0.2, 0.4] as [number, number, number],
    },
    ...{ videos: 60, clips: 300 },
  },
};

it('makes a new bundle of the same weights, with an id of its own, and leaves the old one as it was', async () => {
  const before = await readFile(join(folder, 'bundle.json'), 'utf8');
  const bundle = await openServableBundle(folder);
  const out = join(folder, 'calibrated');
  const made = await calibrateBundle(bundle, out, { name: 'mine', facts: FACTS, now: new Date() });
  const opened = await openServableBundle(out);
  expect(opened.id).toBe(made.id);
  expect(opened.id).not.toBe(bundle.id);
  expect(opened.manifest).toMatchObject(FACTS);
  expect(opened.manifest.files['styleflow.onnx']).toBe(bundle.manifest.files['styleflow.onnx']);
  expect(await readFile(join(folder, 'bundle.json'), 'utf8')).toBe(before);

  const again = calibrateBundle(bundle, out, { name: 'mine', facts: FACTS, now: new Date() });
  await expect(again).rejects.toThrow(/not empty: a calibrated bundle is a new one/);
});

it('a bundle that is calibrated anew loses the band of the run before', async () => {
  const [first, second] = [join(folder, 'banded'), join(folder, 'bandless')];
  await calibrateBundle(await openServableBundle(folder), first, { name: 'mine', facts: FACTS, now: new Date() });
  const { styleBand: _, ...facts } = FACTS;
  await calibrateBundle(await openServableBundle(first), second, { name: 'mine', facts, now: new Date() });
  expect((await openServableBundle(second)).manifest.styleBand).toBeUndefined();
});

it('refuses to open a bundle whose threshold was changed by hand', async () => {
  const bundle = await openServableBundle(folder);
  const out = join(folder, 'spoilt');
  await calibrateBundle(bundle, out, { name: 'mine', facts: FACTS, now: new Date() });
  const path = join(out, 'bundle.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...manifest, threshold: 0.1, thresholds: { real: 0.1, fake: 0.1 } }));
  await expect(openServableBundle(out)).rejects.toThrow(/other thresholds than calibration\.json/);
});
