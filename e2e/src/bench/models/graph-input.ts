import type { Tensor } from '@styleflow/inference';

/** The shape of each input for one clip (one picture) at the published sizes. */
const SHAPES = {
  clips: [32, 256, 256, 3],
  frames: [3, 32, 224, 224],
  images: [3, 256, 256],
  flow: [31, 18 * 512],
  tokens: [16, 1024],
} as const;

/** Values for an input of a graph. They do not matter: a run always takes the same time. */
export function graphInput(name: keyof typeof SHAPES, batch: number): Tensor {
  const dims = [batch, ...SHAPES[name]];
  const length = dims.reduce((product, dim) => product * dim, 1);
  if (name === 'clips') return { type: 'uint8', dims, data: Uint8Array.from({ length }, (_, i) => (i * 31) & 255) };
  const data = new Float32Array(length);
  for (let i = 0; i < length; i++) data[i] = ((i * 7919) % 2039) / 1024 - 1;
  return { type: 'float32', dims, data };
}
