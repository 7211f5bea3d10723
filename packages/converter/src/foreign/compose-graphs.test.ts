import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, FunctionProtoSchema } from '@styleflow/onnx';
import { expectClose } from '@styleflow/testing';
import { graph, modelFile, node, tensor, value, weightedSum, weights } from '@styleflow/testing/models';
import { afterEach, beforeEach, describe, it } from 'vitest';
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

describe('names and graphs within a model', () => {
  const values = weights(VALUES, 8);
  const descriptor = { layout: 'NCHW', frames: 4, size: SIZE, output: { kind: 'logit', name: 'logit' } };
  const expected = SEEDS.map((seed) => mean(seenFrames(seed, FOUR).map((frame) => dot(frame, values))));

  it.each(['N', 1] as const)('may be those of a bundle’s own graph (batch of %s)', async (rows) => {
    const names = { input: 'clips', output: 'logit', weight: 'pictures/columns/weights' };
    const sum = weightedSum([rows, 3, SIDE, SIDE], names, { values, outputs: 1 });
    const further = [
      node('Neg', ['logit'], ['raw']),
      node('Neg', ['raw'], ['runs/in']),
      node('Neg', ['runs/in'], ['runs/out']),
    ];
    const output = [...sum.output, value('raw', 'float32', [rows, 1])];
    const model = modelFile(
      graph({ node: [...sum.nodes, ...further], initializer: sum.initializer, input: sum.input, output }),
    );
    const { directory } = await importCustom(folder, model, descriptor);
    expectClose(await logitsOf(directory, SEEDS), expected, CLOSE);
  });

  it.each(['N', 1] as const)('are kept together where If and Loop see them from inside (batch of %s)', async (rows) => {
    const sum = weightedSum(
      [rows, 3, SIDE, SIDE],
      { input: 'clips', output: 's', weight: 'w' },
      { values, outputs: 1 },
    );
    // A positive sum doubles, in three turns of a loop that adds a third of it each; a negative one stays as it is.
    const turn = graph({
      input: [value('turn', 'int64', []), value('go', 'bool', []), value('total', 'float32')],
      node: [
        node('Identity', ['go'], ['go_on']),
        node('Mul', ['s', 'third'], ['part']),
        node('Add', ['total', 'part'], ['more']),
      ],
      initializer: [tensor('third', [], Float32Array.of(1 / 3))],
      output: [value('go_on', 'bool', []), value('more', 'float32')],
    });
    const yes = graph({
      node: [node('Loop', ['three', '', 's'], ['looped'], { body: turn })],
      output: [value('looped', 'float32')],
    });
    const no = graph({ node: [node('Identity', ['s'], ['same'])], output: [value('same', 'float32')] });
    const nodes = [
      ...sum.nodes,
      node('ReduceSum', ['s'], ['all'], { keepdims: 0 }),
      node('Greater', ['all', 'zero'], ['positive']),
      node('If', ['positive'], ['logit'], { then_branch: yes, else_branch: no }),
    ];
    const initializer = [
      ...sum.initializer,
      tensor('three', [], BigInt64Array.of(3n)),
      tensor('zero', [], Float32Array.of(0)),
    ];
    const model = modelFile(
      graph({ node: nodes, initializer, input: sum.input, output: [value('logit', 'float32', [rows, 1])] }),
    );
    const imported = await importCustom(folder, model, descriptor);
    const doubled = SEEDS.map((seed) => {
      const logits = seenFrames(seed, FOUR).map((frame) => dot(frame, values));
      if (imported.runs === 'together') return mean(logits) * (mean(logits) > 0 ? 2 : 1);
      return mean(logits.map((logit) => (logit > 0 ? 2 * logit : logit)));
    });
    // The clips run alone, because with `together` the whole batch takes one branch.
    const alone = await Promise.all(
      SEEDS.map(async (seed) => (await logitsOf(imported.directory, [seed]))[0] ?? Number.NaN),
    );
    expectClose(alone, doubled, CLOSE);
  });

  it('may be functions of the model’s own', async () => {
    const sum = weightedSum(['N', 3, SIDE, SIDE], { input: 'x', output: 's', weight: 'w' }, { values, outputs: 1 });
    const half = create(FunctionProtoSchema, {
      name: 'Halve',
      domain: 'mine',
      input: ['s'],
      output: ['h'],
      node: [node('Add', ['s', 's'], ['d']), node('Div', ['s', 'd'], ['half']), node('Mul', ['s', 'half'], ['h'])],
      opsetImport: [{ domain: '', version: 17n }],
    });
    const nodes = [...sum.nodes, node('Halve', ['s'], ['logit'], {}, 'mine')];
    const output = [value('logit', 'float32', ['N', 1])];
    const facts = { domains: ['mine'], functions: [half] };
    const model = modelFile(graph({ node: nodes, initializer: sum.initializer, input: sum.input, output }), facts);
    const { directory } = await importCustom(folder, model, descriptor);
    expectClose(
      await logitsOf(directory, SEEDS),
      expected.map((logit) => logit / 2),
      CLOSE,
    );
  });

  it('may list the weights among the inputs, as old files do', async () => {
    const sum = weightedSum(['N', 3, SIDE, SIDE], { input: 'x', output: 'logit', weight: 'w' }, { values, outputs: 1 });
    const input = [...sum.input, value('w', 'float32', [VALUES, 1])];
    const model = modelFile(graph({ ...sum, node: sum.nodes, input }), { opset: 9, ir: 3 });
    const { directory } = await importCustom(folder, model, descriptor);
    expectClose(await logitsOf(directory, SEEDS), expected, CLOSE);
  });
});
