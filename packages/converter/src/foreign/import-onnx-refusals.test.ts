import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { importCustom, logitsOf, SIDE, VALUES } from './test-custom-models.js';

const MATRIX = { values: weights(VALUES * 2, 1), outputs: 2 };
const DESCRIPTOR = { layout: 'NCHW', frames: 4, size: [SIDE, SIDE], output: { kind: 'logits2' } };
const PICTURES = ['N', 3, SIDE, SIDE];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refused-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Expects a refusal with this sentence and the code `invalid_request`, and no trace of a bundle. */
async function expectRefused(imported: Promise<unknown>, message: string | RegExp): Promise<void> {
  const error: unknown = await imported.then(
    () => new Error('it was imported'),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'invalid_request' });
  expect(String(error)).toMatch(message);
  expect((await readdir(folder)).filter((name) => name.startsWith('bundle'))).toEqual([]);
}

describe('a descriptor that does not fit its model is refused:', () => {
  it.each([
    [
      { layout: 'NCTHW' },
      ['N', 3, SIDE, SIDE],
      '"x" float32 [N, 3, 24, 24], the descriptor\'s layout NCTHW gives [N, 3, 4, 24, 24]: layout does not fit',
    ],
    [{ size: [32, 24] }, ['N', 3, SIDE, SIDE], 'height must be 24, not 32'],
    [{ layout: 'NHWC' }, ['N', 3, SIDE, SIDE], 'must be 3, not 24'],
    [{ layout: 'NTCHW' }, ['N', 8, 3, SIDE, SIDE], 'frames must be 8, not 4'],
    [{ frames: 6 }, [4, 3, SIDE, SIDE], 'its batch is fixed to 4; allowed: a divisor of the 6 frames'],
    [{ layout: 'NTCHW' }, [2, 4, 3, SIDE, SIDE], 'its batch is fixed to 2; allowed: 1 or dynamic'],
    [
      { size: [16, 16] },
      ['N', 3, 'H', 'W'],
      /"x" float32 \[N, 3, H, W\], the descriptor's layout NCHW gives \[N, 3, 16, 16\]\): .*MatMul/,
    ],
    [{ input: 'y' }, PICTURES, 'input: the model has no input "y", it has "x" float32 [N, 3, 24, 24]'],
    [
      { output: { kind: 'logits2', name: 'z' } },
      PICTURES,
      'output.name: the model has no output "z", it has "y" float32 [N, 2]',
    ],
    [
      { output: { kind: 'logit' } },
      PICTURES,
      'the model gives 2 numbers in each of 4 runs for one clip; output.kind "logit" expects one number for each of 4 frames',
    ],
    [
      { output: { kind: 'probabilities2' } },
      PICTURES,
      /two numbers that add up to 1, but the model gives .*: is it a logit\?/,
    ],
  ])('%j for %j', async (fields, rows, message) => {
    const text = typeof message === 'string' ? new RegExp(message.replace(/[[\](){}?*+.^$|]/g, '\\$&')) : message;
    await expectRefused(importCustom(folder, weightedSumFile(rows, MATRIX), { ...DESCRIPTOR, ...fields }), text);
  });

  it('a model with two outputs needs the name of one, a second input cannot be filled', async () => {
    const sum = weightedSum(PICTURES, { input: 'x', output: 'y', weight: 'w' }, MATRIX);
    const output = [...sum.output, value('flat', 'float32', ['N', VALUES])];
    const two = modelFile(graph({ node: sum.nodes, initializer: sum.initializer, input: sum.input, output }));
    await expectRefused(
      importCustom(folder, two, DESCRIPTOR),
      /has 2 outputs \("y" .*"flat" .*\): the descriptor must name one in `output.name`/,
    );
    const input = [...sum.input, value('lengths', 'int64', ['N'])];
    const second = modelFile(graph({ node: sum.nodes, initializer: sum.initializer, input, output: sum.output }));
    await expectRefused(
      importCustom(folder, second, { ...DESCRIPTOR, input: 'x' }),
      'needs more than the pictures: "lengths" int64',
    );
  });

  it('a model that takes bytes gets bytes', async () => {
    const nodes = [
      node('Cast', ['x'], ['float'], { to: 1 }),
      node('Flatten', ['float'], ['flat'], { axis: 1 }),
      node('MatMul', ['flat', 'w'], ['y']),
    ];
    const initializer = [tensor('w', [VALUES, 2], MATRIX.values)];
    const model = modelFile(
      graph({
        node: nodes,
        initializer,
        input: [value('x', 'uint8', PICTURES)],
        output: [value('y', 'float32', ['N', 2])],
      }),
    );
    await expectRefused(importCustom(folder, model, DESCRIPTOR), 'scale must be "0..255"');
  });

  it('logits that look like probabilities are only noted', async () => {
    const sum = weightedSum(PICTURES, { input: 'x', output: 's', weight: 'w' }, MATRIX);
    const nodes = [...sum.nodes, node('Softmax', ['s'], ['y'])];
    const model = modelFile(
      graph({ node: nodes, initializer: sum.initializer, input: sum.input, output: [value('y', 'float32', ['N', 2])] }),
    );
    const { notes } = await importCustom(folder, model, DESCRIPTOR);
    expect(notes).toEqual([
      expect.stringMatching(/^output.kind is "logits2", but the model gives .*: are these probabilities\?$/),
    ]);
  });
});

describe('a model that no worker could serve is refused:', () => {
  const sum = (end: string, output = 'y') =>
    weightedSum(PICTURES, { input: 'x', output: end, weight: output === 'y' ? 'w' : output }, MATRIX);

  it('an operator set that is too old, or an operator of somebody’s library', async () => {
    await expectRefused(
      importCustom(folder, weightedSumFile(PICTURES, MATRIX, { opset: 8 }), DESCRIPTOR),
      'operator set 8; allowed: 9 and newer',
    );
    const { nodes, ...rest } = sum('s');
    const model = modelFile(graph({ ...rest, node: [...nodes, node('GridSampler', ['s'], ['y'], {}, 'mmdeploy')] }), {
      domains: ['mmdeploy'],
    });
    await expectRefused(importCustom(folder, model, DESCRIPTOR), 'the operator GridSampler of mmdeploy');
  });

  it('one that ONNX Runtime does not load, in its words', async () => {
    const { nodes, ...rest } = sum('s');
    const model = modelFile(
      graph({ ...rest, node: [...nodes, node('NoSuchOperator', ['s'], ['y'])], output: [value('y', 'float32')] }),
    );
    await expectRefused(
      importCustom(folder, model, DESCRIPTOR),
      /ONNX Runtime does not load the model .*NoSuchOperator/,
    );
  });

  it('one that gives another logit each time, or no number', async () => {
    const { nodes, initializer, input } = sum('s');
    const output = [value('y', 'float32', ['N', 2])];
    const noise = [...nodes, node('RandomNormalLike', ['s'], ['r']), node('Add', ['s', 'r'], ['y'])];
    const random = modelFile(graph({ node: noise, initializer, input, output }));
    await expectRefused(importCustom(folder, random, DESCRIPTOR), 'it must be exported for inference');
    const log = [...nodes, node('Sub', ['s', 's'], ['o']), node('Div', ['o', 'o'], ['y'])];
    const nan = modelFile(graph({ node: log, initializer, input, output }));
    await expectRefused(importCustom(folder, nan, DESCRIPTOR), 'the model gives NaN for a built-in clip');
  });

  it('a damaged file', async () => {
    await expectRefused(importCustom(folder, Buffer.from('this is not a model'), DESCRIPTOR), 'no ONNX model');
    const whole = weightedSumFile(PICTURES, MATRIX);
    await expectRefused(
      importCustom(folder, whole.subarray(0, whole.length - 100), DESCRIPTOR),
      'no ONNX model or is cut short',
    );
  });
});

describe('weights beside a model are refused', () => {
  const bytes = new Uint8Array(MATRIX.values.buffer);

  function importExternal(external: Record<string, string | number>, files: Record<string, Uint8Array> = {}) {
    const { nodes, input, output } = weightedSum(PICTURES, { input: 'x', output: 'y', weight: 'w' }, MATRIX);
    const initializer = [externalTensor('w', [VALUES, 2], external)];
    return importCustom(
      join(folder, 'models'),
      modelFile(graph({ node: nodes, initializer, input, output })),
      DESCRIPTOR,
      files,
    );
  }

  it.each([
    [{ location: 'none.data' }, 'w lies in none.data, which must stand beside the model and does not'],
    [{ location: '../secret' }, 'w lies in "../secret": only files below the model\'s own folder are read'],
    [{ location: 'a/../../secret' }, 'only files below'],
    [{ location: '..\\secret' }, 'only files below'],
    [{ location: '/etc/passwd' }, 'only files below'],
    [{ location: 'C:\\secret' }, 'only files below'],
    [{ location: '' }, 'only files below'],
    [{ location: '.' }, /w lies in \.|not a file/],
    [{ location: 'w.data', offset: 8 }, `w lies at 8 to ${VALUES * 8 + 8}, the file has ${VALUES * 8} bytes`],
    [{ location: 'w.data', offset: -4 }, `w [${VALUES}, 2] needs ${VALUES * 8} bytes`],
    [{ location: 'w.data', length: 12 }, 'the model says 12 at offset 0 of w.data'],
    [{ location: 'w.data', length: '99999999999999999999' }, 'the model says 99999999999999999999'],
  ])('at %j', async (external, message) => {
    await writeFile(join(folder, 'secret'), bytes);
    const text = typeof message === 'string' ? new RegExp(message.replace(/[[\](){}?*+.^$|\\]/g, '\\$&')) : message;
    await expectRefused(importExternal(external, { 'w.data': bytes }), text);
    expect((await readdir(join(folder, 'models'))).sort()).toEqual(['descriptor.json', 'model.onnx', 'w.data']);
  });

  it('behind a link that leads out of the folder', async () => {
    await mkdir(join(folder, 'models'));
    await writeFile(join(folder, 'secret'), bytes);
    await symlink(join(folder, 'secret'), join(folder, 'models', 'w.data'));
    await expectRefused(
      importExternal({ location: 'w.data' }),
      'a link that leads out of the model’s folder'.replace('’', "'"),
    );
  });

  it('where a small file would be spread over a large disk', async () => {
    const { nodes, input, output } = weightedSum(PICTURES, { input: 'x', output: 'y', weight: 'w' }, MATRIX);
    const spread = Array.from({ length: 50 }, (_, at) =>
      externalTensor(`w${at}`, [200, 100], { location: 'w.data', offset: 4 * at }),
    );
    const initializer = [tensor('w', [VALUES, 2], MATRIX.values), ...spread];
    const model = modelFile(graph({ node: nodes, initializer, input, output }));
    await expectRefused(importCustom(folder, model, DESCRIPTOR, { 'w.data': new Uint8Array(100_000) }), 'overlap');
  });

  it('but not where model and weights are links into one folder, as caches keep them', async () => {
    const { nodes, input, output } = weightedSum(PICTURES, { input: 'x', output: 'y', weight: 'w' }, MATRIX);
    const initializer = [externalTensor('w', [VALUES, 2], { location: 'w.data' })];
    const [blobs, snapshot] = [join(folder, 'blobs'), join(folder, 'snapshot')];
    await mkdir(blobs);
    await mkdir(snapshot);
    await writeFile(join(blobs, 'abc'), '');
    await writeFile(join(blobs, 'def'), bytes);
    await symlink('../blobs/abc', join(snapshot, 'model.onnx'));
    await symlink('../blobs/def', join(snapshot, 'w.data'));
    const model = modelFile(graph({ node: nodes, initializer, input, output }));
    const { directory, logit } = await importCustom(snapshot, model, DESCRIPTOR);
    expect((await logitsOf(directory, [0]))[0]).toBe(logit);
  });
});
