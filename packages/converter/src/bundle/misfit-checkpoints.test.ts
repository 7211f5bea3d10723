import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentShapes, pspShapes, randomTensors, styleGruShapes } from '@styleflow/checkpoints';
import { floats, TINY, type TorchTensor, torchZip } from '@styleflow/testing/models';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ImportOptions, importBundle } from './import-bundle.js';
import { UNTRAINED_WIDTHS } from './untrained-bundle.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'misfit-'));
});
afterEach(() => rm(folder, { recursive: true }));

function importFrom(checkpoints: ImportOptions['checkpoints'], parts: boolean): Promise<unknown> {
  const directory = join(folder, 'out');
  return importBundle({ checkpoints, directory, name: 'test', trained: true, threshold: 0.2, parts });
}

describe('a checkpoint that does not fit its role', () => {
  const SHAPES = {
    content: () => contentShapes(UNTRAINED_WIDTHS, false),
    'style-gru': () => styleGruShapes(UNTRAINED_WIDTHS),
    psp: () => pspShapes(UNTRAINED_WIDTHS),
  };

  /**
   * Imports the role alone, after `change` was applied to the shapes of its tensors. One tensor may get another first
   * value.
   */
  async function importChanged(
    role: keyof typeof SHAPES,
    change: (shapes: Map<string, readonly number[]>) => void,
    values: Readonly<Record<string, number>> = {},
  ): Promise<unknown> {
    const shapes = SHAPES[role]();
    change(shapes);
    const source = randomTensors(shapes, 1);
    const tensors: Record<string, TorchTensor> = {};
    for (const [name, shape] of shapes) {
      const [first = 0, ...more] = await source.read(name);
      tensors[name] = floats(shape, shape.includes(0) ? [] : [values[name] ?? first, ...more]);
    }
    const path = join(folder, `${role}.pth`);
    await writeFile(path, torchZip(tensors));
    return importFrom({ [role]: path }, true);
  }

  it.each([
    ['style-gru', 'gru.weight_hh_l1', undefined, 'is missing (expected [384, 128])'],
    ['style-gru', 'bn.running_var', [30], 'has the shape [30], expected [31]'],
    ['style-gru', 'gru.weight_hh_l2', [2, 2], '[2, 2] does not belong to this network'],
    ['psp', 'body.3.res_layer.5.fc1.weight', undefined, 'is missing (expected [*, 2, 1, 1])'],
    ['psp', 'styles.17.linear.weight', [8, 9], 'has the shape [8, 9], expected ['],
    ['psp', 'styles.18.linear.weight', [8, 8], '[8, 8] does not belong to this network'],
    ['psp', 'input_layer.0.weight', [0, 3, 3, 3], '[0, 3, 3, 3] holds no values'],
    ['style-gru', 'gru.weight_ih_l0', [385, 144], 'has the shape [385, 144], expected [384, '],
    [
      'content',
      'head.time_T.transformer.layers.0.0.fn.fn.to_qkv.weight',
      [300, 32],
      'has 300 rows, expected 192 for each head of 64',
    ],
  ] as const)('%s: %s as %j is told by name, with what was expected', async (role, name, shape, words) => {
    const changed = importChanged(role, (shapes) => (shape ? shapes.set(name, shape) : shapes.delete(name)));
    await expect(changed).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(`${role} checkpoint ${role}.pth: tensor ${name} ${words}`),
    });
    expect(await readdir(folder)).toEqual([`${role}.pth`]);
  });

  it.each([
    ['content', 's3.pathway0_res1.branch2.a.weight', Number.NaN, 'holds NaN (value 0), but weights are finite numbers'],
    ['style-gru', 'gru.weight_hh_l1', Number.NEGATIVE_INFINITY, 'holds -Infinity (value 0), but weights are finite'],
    ['psp', 'body.3.res_layer.0.running_var', -1, 'holds -1 (value 0), but a variance is never negative'],
    ['content', 's2.pathway0_res0.branch1_bn.running_var', -1, 'holds -1 (value 0), but a variance is never negative'],
  ] as const)('%s: %s with %d in it is refused, and nothing is left', async (role, name, value, words) => {
    await expect(importChanged(role, () => {}, { [name]: value })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(`${role} checkpoint ${role}.pth: tensor ${name} ${words}`),
    });
    expect(await readdir(folder)).toEqual([`${role}.pth`]);
  });

  it('content without style attention is told as what it is when the style branch comes with it', async () => {
    const checkpoints = { content: 'content-tiny.pth', 'style-gru': 'style-gru-tiny.pth', psp: 'psp-tiny.pt' };
    const paths = Object.entries(checkpoints).map(([role, file]) => [role, `${TINY}${file}`]);
    await expect(importFrom(Object.fromEntries(paths), false)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(
        'it has no style attention (resnet.head.STA.w_q.weight and the others are missing)',
      ),
    });
  });
});
