import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBundle } from '@styleflow/bundles';
import { expectClose } from '@styleflow/testing';
import {
  externalTensor,
  graph,
  modelFile,
  node,
  tensor,
  value,
  weightedSum,
  weightedSumFile,
  weights,
} from '@styleflow/testing/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CLOSE,
  dot,
  FOUR,
  importCustom,
  logitsOf,
  mean,
  SEEDS,
  SIDE,
  seenFrames,
  VALUES,
} from './test-custom-models.js';

const SIZE = [SIDE, SIDE];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-onnx-'));
});
afterEach(() => rm(folder, { recursive: true }));

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const logOdds = (p: number) => Math.log(p / (1 - p));

/** Float32 as half precision; for numbers that it holds exactly. */
function halves(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (number) => {
    if (number === 0) return 0;
    const exponent = Math.floor(Math.log2(Math.abs(number)));
    const fraction = (Math.abs(number) / 2 ** exponent - 1) * 1024;
    return (number < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
  });
}

describe('a classifier of single pictures', () => {
  const matrix = { values: weights(VALUES * 2, 1), outputs: 2 };
  const frameLogits = (seed: number) =>
    seenFrames(seed, FOUR).map((frame) => dot(frame, matrix.values, 1, 2) - dot(frame, matrix.values, 0, 2));
  const descriptor = { layout: 'NCHW', frames: 4, size: SIZE, output: { kind: 'logits2' } };

  it.each([
    ['N', 'together', 9],
    ['N', 'together', 17],
    ['N', 'together', 21],
    [1, 'in-turn', 11],
    [2, 'in-turn', 18],
    [4, 'in-turn', 9],
  ] as const)('with a batch of %s runs %s, in operator set %i', async (rows, runs, opset) => {
    const model = weightedSumFile([rows, 3, SIDE, SIDE], matrix, { opset, ir: opset < 12 ? 4 : 8 });
    const imported = await importCustom(folder, model, descriptor);
    expect(imported.runs).toBe(runs);
    const expected = SEEDS.map((seed) => mean(frameLogits(seed)));
    expectClose(await logitsOf(imported.directory, SEEDS), expected, CLOSE);
    expectClose(await logitsOf(imported.directory, SEEDS, 'none'), expected, CLOSE);
    expectClose(imported.logit, expected[2] ?? Number.NaN, CLOSE);
  });

  it('makes one bundle that opens again, of variant custom, trained, with the descriptor in it', async () => {
    const model = weightedSumFile(['N', 3, SIDE, SIDE], matrix);
    const imported = await importCustom(folder, model, { ...descriptor, name: 'mine', threshold: 0.7 });
    const opened = await openBundle(imported.directory);
    expect(opened.id).toMatch(/^mine@[0-9a-f]{12}$/);
    expect(opened.id).toBe(imported.id);
    expect(opened.manifest).toMatchObject({ variant: 'custom', trained: true, precision: 'fp32', threshold: 0.7 });
    expect(Object.keys(opened.manifest.files).sort()).toEqual(['descriptor.json', 'styleflow.onnx']);
    expect((await readdir(imported.directory)).sort()).toEqual(['bundle.json', 'descriptor.json', 'styleflow.onnx']);
    // At least the 32 pictures as bytes, and the four that the model sees as floats.
    expect(opened.manifest.bytesPerClip).toBeGreaterThan(32 * 256 * 256 * 3 + 4 * 256 * 256 * 3 * 4);
    expect(opened.manifest.source).toMatchObject([{ file: 'model.onnx', role: 'onnx' }]);
  });

  it('takes its own place again, also with another threshold, and not that of a bundle of another name', async () => {
    const model = weightedSumFile(['N', 3, SIDE, SIDE], matrix);
    const first = await importCustom(folder, model, descriptor);
    const again = await importCustom(folder, model, { ...descriptor, threshold: 0.7 });
    expect([first.replaced, again.replaced]).toEqual([null, first.id]);
    await expect(importCustom(folder, model, { ...descriptor, name: 'other' })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(`holds ${again.id}, and this is another one (its name is other, not custom)`),
    });
    expect((await openBundle(first.directory)).manifest).toMatchObject({ name: 'custom', threshold: 0.7 });
  });

  it('averages probabilities where that is asked for, and may call the first class fake', async () => {
    const model = weightedSumFile(['N', 3, SIDE, SIDE], matrix);
    const fields = { aggregate: 'mean-probability', output: { kind: 'logits2', fakeIndex: 0 } };
    const { directory } = await importCustom(folder, model, { ...descriptor, ...fields });
    const expected = SEEDS.map((seed) => logOdds(mean(frameLogits(seed).map((logit) => sigmoid(-logit)))));
    expectClose(await logitsOf(directory, SEEDS), expected, CLOSE);
  });

  it.each([
    ['Sigmoid', 'probability', 1, 1],
    ['Sigmoid', 'probability', 1, 0],
    ['Softmax', 'probabilities2', 2, 1],
    ['Identity', 'logit', 1, 0],
  ] as const)('ending in %s is read as %s (%i outputs, fake is %i)', async (ending, kind, outputs, fakeIndex) => {
    const values = weights(VALUES * outputs, 3);
    const sum = weightedSum(['N', 3, SIDE, SIDE], { input: 'x', output: 's', weight: 'w' }, { values, outputs });
    const nodes = [...sum.nodes, node(ending, ['s'], ['y'])];
    const output = [value('y', 'float32', ['N', outputs])];
    const model = modelFile(graph({ node: nodes, initializer: sum.initializer, input: sum.input, output }));
    const { directory } = await importCustom(folder, model, { ...descriptor, output: { kind, fakeIndex } });
    const sign = fakeIndex === 1 ? 1 : -1;
    const logitOf = (frame: Float32Array) =>
      outputs === 1 ? dot(frame, values) : dot(frame, values, 1, 2) - dot(frame, values, 0, 2);
    const expected = SEEDS.map((seed) => sign * mean(seenFrames(seed, FOUR).map(logitOf)));
    expectClose(await logitsOf(directory, SEEDS), expected, CLOSE);
  });

  it('of half precision keeps its types inside and is marked fp16', async () => {
    const nodes = [node('Flatten', ['x'], ['flat'], { axis: 1 }), node('MatMul', ['flat', 'w'], ['y'])];
    // Multiples of 1/1024 below 1/32 are exact in half precision.
    const values = weights(VALUES, 4).map((weight) => Math.round(weight * 1024) / 1024);
    const parts = { input: [value('x', 'float16', ['N', 3, SIDE, SIDE])], output: [value('y', 'float16', ['N', 1])] };
    const model = modelFile(graph({ node: nodes, initializer: [tensor('w', [VALUES, 1], halves(values))], ...parts }));
    const { directory, manifest } = await importCustom(folder, model, { ...descriptor, output: { kind: 'logit' } });
    const expected = SEEDS.map((seed) => mean(seenFrames(seed, FOUR).map((frame) => dot(frame, values))));
    expect(manifest.precision).toBe('fp16');
    // The sum has 1728 values, rounded to eleven bits each.
    expectClose(await logitsOf(directory, SEEDS), expected, { abs: 0.01 });
  });

  it('of 8-bit integers takes bytes as they are', async () => {
    const values = weights(VALUES, 5).map((weight) => Math.round(weight * 1000));
    const nodes = [
      node('Flatten', ['x'], ['flat'], { axis: 1 }),
      node('MatMulInteger', ['flat', 'w'], ['sum']),
      node('Cast', ['sum'], ['whole'], { to: 1 }),
      node('Mul', ['whole', 'scale'], ['y']),
    ];
    const initializer = [tensor('w', [VALUES, 1], Int8Array.from(values)), tensor('scale', [], Float32Array.of(1e-4))];
    const parts = { input: [value('x', 'uint8', ['N', 3, SIDE, SIDE])], output: [value('y', 'float32', ['N', 1])] };
    const model = modelFile(graph({ node: nodes, initializer, ...parts }));
    const fields = { ...descriptor, scale: '0..255', output: { kind: 'logit' } };
    const { directory } = await importCustom(folder, model, fields);
    const expected = SEEDS.map((seed) => mean(seenFrames(seed, FOUR).map((frame) => dot(frame, values) * 0.0255)));
    expectClose(await logitsOf(directory, SEEDS), expected, CLOSE);
  });
});

describe('a classifier of whole clips', () => {
  const values = weights(4 * VALUES, 6);
  /** The logit of a clip. The weights lie as [3, 4, SIDE, SIDE], the colours outside of the frames. */
  const expectedOf = (seed: number) => {
    const plane = SIDE * SIDE;
    const frames = seenFrames(seed, FOUR);
    const laidOut = Float32Array.from({ length: 4 * VALUES }, (_, at) => {
      const [colour, frame, pixel] = [Math.floor(at / (4 * plane)), Math.floor(at / plane) % 4, at % plane];
      return frames[frame]?.[colour * plane + pixel] ?? Number.NaN;
    });
    return dot(laidOut, values);
  };
  const descriptor = { layout: 'NCTHW', frames: 4, size: SIZE, output: { kind: 'logit' } };
  const expected = SEEDS.map(expectedOf);

  it.each([
    ['B', 'together'],
    [1, 'in-turn'],
  ] as const)('with a batch of %s runs %s', async (rows, runs) => {
    const imported = await importCustom(
      folder,
      weightedSumFile([rows, 3, 4, SIDE, SIDE], { values, outputs: 1 }),
      descriptor,
    );
    expect(imported.runs).toBe(runs);
    expectClose(await logitsOf(imported.directory, SEEDS), expected, CLOSE);
    expectClose(await logitsOf(imported.directory, SEEDS, 'none'), expected, CLOSE);
  });

  it('that says it takes any batch but holds a fixed one inside is run in turn', async () => {
    const sum = weightedSum(['N', 3, 4, SIDE, SIDE], { input: 'x', output: 's', weight: 'w' }, { values, outputs: 1 });
    const nodes = [...sum.nodes, node('Reshape', ['s', 'shape'], ['y'])];
    const initializer = [...sum.initializer, tensor('shape', [1], BigInt64Array.of(1n))];
    const model = modelFile(
      graph({ node: nodes, initializer, input: sum.input, output: [value('y', 'float32', [1])] }),
    );
    const imported = await importCustom(folder, model, descriptor);
    expect(imported.runs).toBe('in-turn');
    expectClose(await logitsOf(imported.directory, SEEDS), expected, CLOSE);
  });

  it('that mixes the clips of a batch is run in turn', async () => {
    const sum = weightedSum(['N', 3, 4, SIDE, SIDE], { input: 'x', output: 's', weight: 'w' }, { values, outputs: 1 });
    const nodes = [
      ...sum.nodes,
      node('ReduceMean', ['s'], ['m'], { axes: [0], keepdims: 1 }),
      node('Sub', ['s', 'm'], ['d']),
      node('Add', ['d', 'm'], ['e']),
      node('Sub', ['e', 'd'], ['y']),
    ];
    const model = modelFile(
      graph({
        node: nodes,
        initializer: sum.initializer,
        input: sum.input,
        output: sum.output.map(() => value('y', 'float32')),
      }),
    );
    const imported = await importCustom(folder, model, descriptor);
    expect(imported.runs).toBe('in-turn');
    expectClose(await logitsOf(imported.directory, SEEDS), expected, CLOSE);
  });

  it('without a batch axis runs in turn', async () => {
    const nodes = [node('Flatten', ['x'], ['flat'], { axis: 0 }), node('MatMul', ['flat', 'w'], ['y'])];
    const initializer = [tensor('w', [4 * VALUES, 1], values)];
    const parts = { input: [value('x', 'float32', [3, 4, SIDE, SIDE])], output: [value('y', 'float32', [1, 1])] };
    const model = modelFile(graph({ node: nodes, initializer, ...parts }));
    const imported = await importCustom(folder, model, { ...descriptor, layout: 'CTHW' });
    expectClose(await logitsOf(imported.directory, SEEDS), expected, CLOSE);
  });

  it.each(['B', 1] as const)(
    'with its weights in files beside it (batch of %s) brings them along in one file',
    async (rows) => {
      const half = values.length / 2;
      const bytes = new Uint8Array(values.buffer);
      const sum = weightedSum(
        [rows, 3, 4, SIDE, SIDE],
        { input: 'x', output: 'y', weight: 'w' },
        { values, outputs: 1 },
      );
      const initializer = [
        externalTensor('first', [half, 1], { location: 'deep/first.bin', offset: 64, length: half * 4 }),
        externalTensor('second', [half, 1], { location: 'onnx::MatMul_7' }),
      ];
      const nodes = [node('Concat', ['first', 'second'], ['w'], { axis: 0 }), ...sum.nodes];
      const model = modelFile(graph({ node: nodes, initializer, input: sum.input, output: sum.output }));
      await mkdir(join(folder, 'deep'));
      await writeFile(
        join(folder, 'deep', 'first.bin'),
        Buffer.concat([new Uint8Array(64), bytes.subarray(0, half * 4)]),
      );
      const imported = await importCustom(folder, model, descriptor, { 'onnx::MatMul_7': bytes.subarray(half * 4) });
      expect(Object.keys(imported.manifest.files).sort()).toEqual([
        'descriptor.json',
        'styleflow.data',
        'styleflow.onnx',
      ]);
      expect(imported.manifest.source.map(({ role }) => role)).toEqual(['onnx', 'onnx-data', 'onnx-data']);
      await rm(join(folder, 'deep'), { recursive: true });
      expectClose(await logitsOf(imported.directory, SEEDS), expected, CLOSE);
    },
  );
});
