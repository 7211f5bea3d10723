import { EIGHTH_WIDTHS, FULL_WIDTHS } from '@styleflow/checkpoints';
import { weightOf } from '@styleflow/files';
import { cast, conv2d, matmul, OnnxGraph } from '@styleflow/onnx';
import { describe, expect, it } from 'vitest';
import { fusedGraph } from '../networks/fuse.js';
import { activationBytesPerClip } from './activation-bytes.js';
import { randomFamily, UNTRAINED_WIDTHS } from './untrained-bundle.js';

const MAP_BYTES = 64 * 64 * 4;

/** One convolution over maps of 64 × 64 points. */
function convolution(input: number, output: number): OnnxGraph {
  const graph = new OnnxGraph('convolution');
  const x = graph.input('x', 'float32', ['B', input, 64, 64]);
  const weight = graph.weight('weight', weightOf([output, input, 1, 1], new Array<number>(output * input).fill(0)));
  graph.output('y', conv2d(graph, x, weight, null));
  return graph;
}

describe('activationBytesPerClip', () => {
  // MB that each clip adds to the process on the CPU provider: `npm run bench -- clip-memory`, `-- full-size-models`, batches of 1 to 4.
  it.each([
    ['the untrained bundle', UNTRAINED_WIDTHS, true, 208],
    ['content at an eighth of its widths', EIGHTH_WIDTHS, false, 80],
    ['all networks at an eighth of their widths', EIGHTH_WIDTHS, true, 353],
    ['content at its published size', FULL_WIDTHS, false, 365],
    ['all networks at their published sizes', FULL_WIDTHS, true, 1413],
  ])('lies above what %s was seen to take, and at most 1.5 times as high', (_name, widths, withStyle, megabytes) => {
    const { content, style } = randomFamily(widths, 1);
    const estimate = activationBytesPerClip(fusedGraph(withStyle ? { content, style } : { content })) / 1e6;
    expect(estimate).toBeGreaterThan(megabytes);
    expect(estimate).toBeLessThan(1.5 * megabytes);
  });

  it('counts the copies in whole blocks of channels that a convolution makes', () => {
    // Two values of 32 maps are alive, the input and the output, and each is copied once in turn.
    const wide = activationBytesPerClip(convolution(32, 32));
    expect(wide / (64 * MAP_BYTES)).toBeCloseTo(1.65, 4);
    // The 4 input maps are fewer than a block, so they are read as they are. The 2 output maps are written as a block
    // of 16 and copied out of it.
    const narrow = activationBytesPerClip(convolution(4, 2));
    expect(narrow / ((4 + 16) * MAP_BYTES)).toBeCloseTo(1.65, 4);
  });

  it('is half as much in half precision, whose weights for float32 layers do not count as values', () => {
    const { content, style } = randomFamily(FULL_WIDTHS, 1);
    const [floats, halves] = (['fp32', 'fp16'] as const).map((precision) =>
      activationBytesPerClip(fusedGraph({ content, style }, precision)),
    );
    expect((halves ?? 0) / (floats ?? 1)).toBeCloseTo(0.5, 2);

    const graph = new OnnxGraph('folded');
    const x = graph.input('x', 'float32', ['B', 16]);
    const weight = graph.inFloats('float16', () =>
      graph.weight('weight', weightOf([16, 4096], new Array(65536).fill(0))),
    );
    graph.output('y', matmul(graph, x, cast(graph, weight, 'float32')));
    expect(activationBytesPerClip(graph)).toBeLessThan(2 * (16 + 4096) * 4);
  });
});
