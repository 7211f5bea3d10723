import { basename } from 'node:path';
import { openSession, type Tensor } from '@styleflow/inference';

/** What one clip through a graph took. */
export interface GraphRun {
  readonly loadSeconds: number;
  readonly runSeconds: number;
  readonly peakMegabytes: number;
}

/** One clip's worth of each graph's input at the published sizes. */
const INPUTS: Readonly<Record<string, { readonly name: string; readonly dims: readonly number[] }>> = {
  'styleflow.onnx': { name: 'clips', dims: [1, 32, 256, 256, 3] },
  'content.onnx': { name: 'frames', dims: [1, 3, 32, 224, 224] },
  'psp.onnx': { name: 'images', dims: [32, 3, 256, 256] },
  'style-gru.onnx': { name: 'flow', dims: [1, 31, 18 * 512] },
};

/** Loads the graph that it was started with, runs one clip on the CPU, tells its parent and leaves. */
const [, , path = ''] = process.argv;
const input = INPUTS[basename(path)];
if (!input) throw new Error(`${path} is none of ${Object.keys(INPUTS).join(', ')}`);
const startedAt = performance.now();
const session = await openSession(path, { providers: ['cpu'] });
const loadedAt = performance.now();
const outputs = await session.run({ [input.name]: filled(input.name, input.dims) });
const endedAt = performance.now();
for (const [name, { data }] of Object.entries(outputs)) {
  for (const value of data) if (!Number.isFinite(Number(value))) throw new Error(`${name} holds ${value}`);
}
process.send?.({ loadSeconds: (loadedAt - startedAt) / 1000, runSeconds: (endedAt - loadedAt) / 1000 });
process.disconnect();

function filled(name: string, dims: readonly number[]): Tensor {
  const length = dims.reduce((product, dim) => product * dim, 1);
  if (name === 'clips') return { type: 'uint8', dims, data: Uint8Array.from({ length }, (_, i) => (i * 31) & 255) };
  return { type: 'float32', dims, data: Float32Array.from({ length }, (_, i) => Math.sin(i * 0.37)) };
}
