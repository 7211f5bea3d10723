import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtInClips } from '@styleflow/bundles/verify';
import { openSession } from '@styleflow/inference';
import { pillowResize } from '@styleflow/testing/models';
import { type ImportedOnnx, importOnnx } from './import-onnx.js';

/** Side of the pictures that the test models see. */
export const SIDE = 24;
const CROP = 256;
/** Values of one picture, three colours. */
export const VALUES = 3 * SIDE * SIDE;

const clips = new Map<number, Uint8Array>();

function clipOf(seed: number): Uint8Array {
  const clip = clips.get(seed) ?? (builtInClips([seed]).data as Uint8Array);
  clips.set(seed, clip);
  return clip;
}

const seen = new Map<string, Float32Array>();

/** Built-in clip `seed` as a model in 0..1 sees it: [3, SIDE, SIDE] for each frame. */
export function seenFrames(seed: number, frames: readonly number[]): Float32Array[] {
  return frames.map((index) => {
    const key = `${seed}/${index}`;
    const frame = seen.get(key) ?? seeFrame(clipOf(seed), index);
    seen.set(key, frame);
    return frame;
  });
}

function seeFrame(clip: Uint8Array, index: number): Float32Array {
  const bytes = CROP * CROP * 3;
  const small = pillowResize(clip.subarray(index * bytes, (index + 1) * bytes), CROP, SIDE);
  return Float32Array.from({ length: VALUES }, (_, at) => {
    const [colour, pixel] = [Math.floor(at / (SIDE * SIDE)), at % (SIDE * SIDE)];
    return (small[pixel * 3 + colour] ?? 0) / 255;
  });
}

/** The sum of value·weight over column `column` of a matrix with `columns` columns. */
export function dot(values: Float32Array, matrix: Float32Array, column = 0, columns = 1): number {
  return values.reduce((sum, x, at) => sum + x * (matrix[at * columns + column] ?? 0), 0);
}

/** Writes model, descriptor and further files into a new folder, and imports them into the folder `bundle` below it. */
export async function importCustom(
  folder: string,
  model: Uint8Array,
  descriptor: Record<string, unknown>,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<ImportedOnnx & { readonly directory: string }> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), model);
  await writeFile(join(folder, 'descriptor.json'), JSON.stringify(descriptor));
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const directory = join(folder, 'bundle');
  const imported = await importOnnx({
    model: join(folder, 'model.onnx'),
    descriptor: join(folder, 'descriptor.json'),
    directory,
    fallbackName: 'custom',
    trained: true,
  });
  return { ...imported, directory };
}

/** The bundle's logits for built-in clips, in one tensor batch. */
export async function logitsOf(
  directory: string,
  seeds: readonly number[],
  optimisation: 'all' | 'none' = 'all',
): Promise<Float32Array> {
  const session = await openSession(join(directory, 'styleflow.onnx'), { providers: ['cpu'], optimisation });
  try {
    const { logit } = await session.run({
      clips: { type: 'uint8', dims: [seeds.length, 32, CROP, CROP, 3], data: Buffer.concat(seeds.map(clipOf)) },
    });
    if (!(logit?.data instanceof Float32Array)) throw new Error('a bundle gives float32 logits');
    return logit.data;
  } finally {
    await session.release();
  }
}

/** Tolerance between sums of thousands of float32 products and the same sums in float64. */
export const CLOSE = { abs: 2e-5, rel: 2e-5 };
/** Seeds of the built-in clips on which a bundle is tried. */
export const SEEDS = [1, 2, 0];
/** Frames that the descriptor's `frames: 4` picks. */
export const FOUR = [4, 12, 20, 28];

export const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
