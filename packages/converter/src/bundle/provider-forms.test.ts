import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphOf, openServableBundle } from '@styleflow/bundles';
import { verifyBundle } from '@styleflow/bundles/verify';
import { contentShapes, EIGHTH_WIDTHS, randomTensors } from '@styleflow/checkpoints';
import { openSession } from '@styleflow/inference';
import { expectClose } from '@styleflow/testing';
import { FAMILY, floats, type TorchTensor, torchZip } from '@styleflow/testing/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importBundle } from './import-bundle.js';

const CONTENT = { trained: true, threshold: 0.2, parts: false };

let folder: string;
let wide: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forms-'));
  const shapes = contentShapes(EIGHTH_WIDTHS, false);
  const source = randomTensors(shapes, 1);
  const tensors: Record<string, TorchTensor> = {};
  for (const [name, shape] of shapes) tensors[name] = floats(shape, [...(await source.read(name))]);
  wide = join(folder, 'wide.pth');
  await writeFile(wide, torchZip(tensors));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a bundle of a wide content network', () => {
  it('holds a form for the CPU over the same weights, which gives the same logits', async () => {
    const directory = join(folder, 'wide');
    const { manifest } = await importBundle({ ...CONTENT, checkpoints: { content: wide }, directory, name: 'wide' });
    expect(manifest).toMatchObject({ graph: 'styleflow.onnx', graphs: { cpu: 'styleflow.cpu.onnx' } });
    expect(Object.keys(manifest.files).sort()).toEqual(['styleflow.cpu.onnx', 'styleflow.data', 'styleflow.onnx']);
    const bundle = await openServableBundle(directory);
    expect(graphOf(bundle, 'cuda')).toEqual({ file: 'styleflow.onnx', path: bundle.graphPath });
    const form = graphOf(bundle, 'cpu');
    expect(form).toEqual({ file: 'styleflow.cpu.onnx', path: join(directory, 'styleflow.cpu.onnx') });

    // Weights that both read lie in the folder once.
    expect((await stat(join(directory, 'styleflow.data'))).size).toBeLessThan((await stat(wide)).size);

    const data = Uint8Array.from({ length: 32 * 256 * 256 * 3 }, (_, i) => (i * 7919) & 255);
    const logits: Float32Array[] = [];
    for (const path of [bundle.graphPath, form?.path ?? '']) {
      const session = await openSession(path, { providers: ['cpu'], threads: 1 });
      const { logit } = await session.run({ clips: { type: 'uint8', dims: [1, 32, 256, 256, 3], data } });
      logits.push(logit?.data as Float32Array);
      await session.release();
    }
    expectClose(logits[1] ?? [], logits[0] ?? [], { abs: 1e-5 });
    expect((await verifyBundle(directory, { providers: ['cpu'], record: false })).graphs).toEqual([form?.file]);
  });

  it('has one form in half precision, which is made for cards', async () => {
    const options = { ...CONTENT, checkpoints: { content: wide }, directory: join(folder, 'half'), name: 'half' };
    expect((await importBundle({ ...options, precision: 'fp16' })).manifest.graphs).toBeUndefined();
  });

  it('that names a form which is not among its files is none', async () => {
    const directory = join(folder, 'odd');
    await importBundle({ ...CONTENT, checkpoints: { content: wide }, directory, name: 'odd' });
    const path = join(directory, 'bundle.json');
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, graphs: { cpu: 'other.onnx' } }));
    await expect(openServableBundle(directory)).rejects.toThrow('no valid bundle manifest');
  });
});

it('a narrow network has one form, and all providers run it', async () => {
  const directory = join(folder, 'narrow');
  const checkpoints = { content: FAMILY.content };
  const { manifest } = await importBundle({ ...CONTENT, checkpoints, directory, name: 'narrow' });
  expect(manifest.graphs).toBeUndefined();
  expect(graphOf(await openServableBundle(directory), 'cpu')?.file).toBe('styleflow.onnx');
});
