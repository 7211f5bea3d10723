import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { weightOf } from '@styleflow/files';
import { openSession, type Tensor } from '@styleflow/inference';
import { conv2d, matmul, OnnxGraph, writeModels } from '@styleflow/onnx';
import { ownMsEach } from './cpu-cost.js';

/** Long enough that the clock's steps do not matter: some 10 to 50 ms a run on one core. */
const SIDE = 1024;
/** As in the middle of the content network: 3 × 3 over pictures of 28 × 28, and cheap enough to be run often. */
const CHANNELS = 256;
const PICTURES = 2;
const PICTURE_SIDE = 28;
const RUNS = 5;

const MULTIPLY_ADDS = {
  matrices: SIDE ** 3,
  convolution: PICTURES * CHANNELS * PICTURE_SIDE ** 2 * CHANNELS * 3 * 3,
};

/** CPU milliseconds that the runtime takes on one thread for 10^9 multiply-adds of float32, in large even pieces. */
export interface GemmRate {
  readonly matricesMsPerBillion: number;
  readonly convolutionMsPerBillion: number;
  /** The quicker of the two: what nothing here can be cheaper than. */
  readonly bestMsPerBillion: number;
}

/** Measures graphs of one product of matrices, and of one convolution. */
export async function measureGemmRate(): Promise<GemmRate> {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-gemm-'));
  try {
    await writeModels({ 'matrices.onnx': matrices(), 'convolution.onnx': convolution() }, folder);
    const rate = async (name: keyof typeof MULTIPLY_ADDS, shape: readonly number[]): Promise<number> => {
      const session = await openSession(join(folder, `${name}.onnx`), { providers: ['cpu'], threads: 1 });
      const feeds = { x: numbers(shape) };
      await session.run(feeds);
      const ms = await ownMsEach(RUNS, () => session.run(feeds));
      await session.release();
      return (ms / MULTIPLY_ADDS[name]) * 1e9;
    };
    const matricesMsPerBillion = await rate('matrices', [SIDE, SIDE]);
    const convolutionMsPerBillion = await rate('convolution', [PICTURES, CHANNELS, PICTURE_SIDE, PICTURE_SIDE]);
    const bestMsPerBillion = Math.min(matricesMsPerBillion, convolutionMsPerBillion);
    return { matricesMsPerBillion, convolutionMsPerBillion, bestMsPerBillion };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function matrices(): OnnxGraph {
  const graph = new OnnxGraph('matrices');
  const x = graph.input('x', 'float32', [SIDE, SIDE]);
  graph.output('y', matmul(graph, x, graph.weight('w', weightOf([SIDE, SIDE], numbers([SIDE, SIDE]).data))));
  return graph;
}

function convolution(): OnnxGraph {
  const graph = new OnnxGraph('convolution');
  const x = graph.input('x', 'float32', [PICTURES, CHANNELS, PICTURE_SIDE, PICTURE_SIDE]);
  const shape = [CHANNELS, CHANNELS, 3, 3];
  graph.output('y', conv2d(graph, x, graph.weight('w', weightOf(shape, numbers(shape).data)), null, { pad: [1, 1] }));
  return graph;
}

/** Small numbers of both signs, none of them subnormal: those would be slow. */
function numbers(dims: readonly number[]): Tensor & { readonly data: Float32Array } {
  const data = new Float32Array(dims.reduce((all, one) => all * one, 1));
  for (let i = 0; i < data.length; i += 1) data[i] = ((i * 7919) % 2039) / 1024 - 1;
  return { type: 'float32', dims, data };
}
