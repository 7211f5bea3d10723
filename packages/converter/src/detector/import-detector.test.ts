import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDetector } from '@styleflow/bundles';
import { openSession } from '@styleflow/inference';
import { fileFolder } from '@styleflow/testing/models';
import { describe, expect, it } from 'vitest';
import { narrowRetinaFace, plainRetinaFace, retinafaceFile } from '../networks/test-retinaface.js';
import { importDetector } from './import-detector.js';

describe('importing a RetinaFace checkpoint', () => {
  const folder = fileFolder();
  const source = narrowRetinaFace(7);
  const store = async (change?: Parameters<typeof retinafaceFile>[1]) =>
    folder.store(await retinafaceFile(source, change), 'face.safetensors');

  it('makes a graph that gives what the network in plain loops gives, for pictures of any size', async () => {
    const directory = folder.path('detector');
    await importDetector({ retinaface: await store(), directory });
    const { graphPath } = await openDetector(directory);
    const session = await openSession(graphPath, { providers: ['cpu'], threads: 1 });
    // The numbers of cells are odd on every level: only then do enlarging by two and cutting differ from other rules.
    for (const [height, width] of [
      [67, 77],
      [32, 40],
    ] as const) {
      const data = Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 37 + (i >> 5) * 11) & 255);
      const expected = await plainRetinaFace(source, data, height, width);
      const given = await session.run({ pictures: { type: 'uint8', dims: [1, height, width, 3], data } });
      expect(Math.max(...expected.scores) - Math.min(...expected.scores)).toBeGreaterThan(0.1);
      for (const name of ['scores', 'boxes', 'points'] as const) {
        const values = given[name]?.data ?? [];
        expect(values.length).toBe(expected[name].length);
        const scale = Math.max(1, ...expected[name].map(Math.abs));
        const difference = Math.max(...expected[name].map((value, i) => Math.abs(value - Number(values[i]))));
        expect(difference / scale).toBeLessThan(1e-5);
      }
    }
    await session.release();
  });

  it('takes the checkpoint under a prefix and counts what it used', async () => {
    const path = await store((name, shape) => [`module.${name}`, shape]);
    const { tensorsUsed, manifest } = await importDetector({ retinaface: path, directory: folder.path('detector') });
    expect(tensorsUsed).toBe(source.names().length);
    expect(manifest.source).toMatchObject([{ file: 'face.safetensors', role: 'retinaface' }]);
  });

  it("takes its own place again, another detector's only when told to, and that of nothing else", async () => {
    const path = await store();
    const directory = folder.path('detector');
    expect((await importDetector({ retinaface: path, directory })).replaced).toBeNull();
    const title = 'a retinaface detector made from face.safetensors';
    expect((await importDetector({ retinaface: path, directory })).replaced).toBe(title);
    const prefixed = await store((name, shape) => [`module.${name}`, shape]);
    await expect(importDetector({ retinaface: prefixed, directory })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/detector holds a retinaface detector made from face\.safetensors, .*--replace/),
    });
    expect((await importDetector({ retinaface: prefixed, directory, mayReplaceOther: true })).replaced).toBe(title);
    expect((await readdir(directory)).sort()).toEqual(['detector.json', 'retinaface.onnx']);
    const other = folder.path('other');
    await mkdir(other);
    await writeFile(join(other, 'notes.txt'), 'mine');
    await expect(importDetector({ retinaface: path, directory: other })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('no detector'),
    });
    expect(await readFile(join(other, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it.each([
    [
      'missing',
      'tensor ssh2.conv7X7_2.0.weight is missing',
      (name: string, shape: readonly number[]) =>
        name === 'ssh2.conv7X7_2.0.weight' ? undefined : ([name, shape] as const),
    ],
    [
      'shaped otherwise',
      'tensor BboxHead.1.conv1x1.bias has the shape [2, 4], expected [8]',
      (name: string, shape: readonly number[]) => [name, name === 'BboxHead.1.conv1x1.bias' ? [2, 4] : shape] as const,
    ],
  ])('names a tensor that is %s and leaves nothing behind', async (_, words, change) => {
    const path = await store(change);
    const directory = folder.path('refused');
    await expect(importDetector({ retinaface: path, directory })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(words),
    });
    await expect(readdir(directory)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('names a tensor that is not of the network', async () => {
    const spare = 'landmarks68.weight';
    const bytes = await retinafaceFile({
      names: () => [...source.names(), spare],
      shape: (name) => (name === spare ? [2] : source.shape(name)),
      read: async (name) => (name === spare ? new Float32Array(2) : source.read(name)),
    });
    const retinaface = await folder.store(bytes, 'face.safetensors');
    const refused = importDetector({ retinaface, directory: folder.path('refused') });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(`tensor ${spare} [2]`) });
  });

  it('refuses to open a detector whose network was changed', async () => {
    const directory = folder.path('detector');
    await importDetector({ retinaface: await store(), directory });
    await writeFile(join(directory, 'retinaface.onnx'), 'x');
    await expect(openDetector(directory)).rejects.toMatchObject({ message: expect.stringContaining('is damaged') });
    await expect(openDetector(folder.path('nowhere'))).rejects.toMatchObject({
      message: expect.stringContaining('there is no detector'),
    });
  });
});
