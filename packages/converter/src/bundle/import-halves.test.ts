import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentShapes, randomTensors } from '@styleflow/checkpoints';
import { FAMILY, floats, type TorchTensor, torchZip } from '@styleflow/testing/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ImportOptions, importBundle } from './import-bundle.js';
import { UNTRAINED_WIDTHS } from './untrained-bundle.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'halves-'));
});
afterEach(() => rm(folder, { recursive: true }));

function importHalves(checkpoints: ImportOptions['checkpoints'], more: Partial<ImportOptions> = {}) {
  const options = { directory: join(folder, 'out'), name: 'test', trained: true, threshold: 0.2, parts: false };
  return importBundle({ checkpoints, ...options, precision: 'fp16', errorClips: 1, ...more });
}

/** Writes a content checkpoint of random values. The tensors in `constants` hold one number throughout. */
async function contentWith(constants: Readonly<Record<string, number>>): Promise<string> {
  const shapes = contentShapes(UNTRAINED_WIDTHS, false);
  const source = randomTensors(shapes, 1);
  const tensors: Record<string, TorchTensor> = {};
  for (const [name, shape] of shapes) {
    const values = [...(await source.read(name))];
    tensors[name] = floats(shape, constants[name] === undefined ? values : values.map(() => constants[name] ?? 0));
  }
  const path = join(folder, 'content.pth');
  await writeFile(path, torchZip(tensors));
  return path;
}

/** The bias of one summand of the last residual block. No layer behind that block makes values larger. */
const BRANCH = 's4.pathway0_res5.branch2.c_bn.bias';
const SUM = 'Add behind s4.pathway0_res5.branch2.c';

describe('an import in half precision', () => {
  it('says what rounding changed and how large values get in each network, and leaves nothing beside the bundle', async () => {
    const { manifest, halves } = await importHalves(FAMILY, { errorClips: 2 });
    expect(manifest.precision).toBe('fp16');
    expect(halves?.rounding?.clips).toBe(2);
    expect(halves?.rounding?.score).toBeGreaterThan(0);
    expect(halves?.rounding?.score).toBeLessThan(0.01);
    expect(halves?.peaks.map(({ network }) => network)).toEqual(['content', 'psp']);
    for (const { value } of halves?.peaks ?? []) {
      expect(value).toBeGreaterThan(1);
      expect(value).toBeLessThan(100);
    }
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('names the layer with the largest value, however near it is to the end', async () => {
    const { halves } = await importHalves({ content: await contentWith({ [BRANCH]: 60_000 }) });
    expect(halves?.peaks).toMatchObject([{ network: 'content', layer: SUM }]);
    expect(halves?.peaks[0]?.value).toBeGreaterThan(60_000);
    expect(halves?.peaks[0]?.value).toBeLessThan(60_100);
  });

  it('refuses a sum that a half cannot hold although it holds both summands, by layer and value, and writes nothing', async () => {
    const content = await contentWith({ [BRANCH]: 65_504 });
    const message = new RegExp(
      `^content: ${SUM} gives 655\\d\\d\\.\\d+ on a built-in clip, and half precision ends at 65504`,
    );
    await expect(importHalves({ content })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(message),
    });
    expect(await readdir(folder)).toEqual(['content.pth']);
    const { halves } = await importHalves({ content }, { errorClips: 0 });
    expect(halves).toBeNull();
  });

  it('refuses a weight that a half cannot hold, by its name, and writes nothing', async () => {
    const content = await contentWith({ 's2.pathway0_res0.branch2.a.weight': 1e9 });
    await expect(importHalves({ content })).rejects.toThrow(
      /s2\.pathway0_res0\.branch2\.a\.weight holds .*half precision/,
    );
    expect(await readdir(folder)).toEqual(['content.pth']);
  });

  it('looks at the parts where there is no graph of the whole', async () => {
    const { 'style-gru': gru, psp } = FAMILY;
    const { manifest, halves } = await importHalves({ 'style-gru': gru, psp }, { parts: true });
    expect(manifest.variant).toBe('parts');
    expect(halves?.rounding).toBeNull();
    expect(halves?.peaks).toMatchObject([{ network: 'psp' }]);
  });
});
