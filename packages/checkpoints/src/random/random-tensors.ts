import { elementCount } from '@styleflow/files';
import type { TensorSource } from '../tensors/tensor-source.js';

/**
 * Tensors with seeded random values in the ranges of a freshly initialised network. The same seed and list give the
 * same bits on every machine, because only integer arithmetic and additions are used. The ranges of batch norms keep
 * signals from vanishing and saturating.
 */
export function randomTensors(shapes: ReadonlyMap<string, readonly number[]>, seed: number): TensorSource {
  return {
    names: () => [...shapes.keys()],
    shape: (name) => shapes.get(name),
    read: async (name, start = 0, count) => {
      const shape = shapes.get(name);
      if (!shape) throw new RangeError(`no tensor ${name}`);
      const values = fill(name, shape, seed);
      return values.slice(start, count === undefined ? undefined : start + count);
    },
  };
}

function fill(name: string, shape: readonly number[], seed: number): Float32Array {
  const random = uniform(hash(name) ^ seed);
  const { centre, spread } = range(name, shape);
  return Float32Array.from({ length: elementCount(shape) }, () => centre + spread * random());
}

/**
 * The values are uniform in centre ± spread. Weights of a layer keep the variance of their input (He: spread² / 3 = 2 /
 * fan in).
 */
function range(name: string, shape: readonly number[]): { centre: number; spread: number } {
  if (name.endsWith('running_var')) return { centre: 1, spread: 0.25 };
  if (name.endsWith('running_mean')) return { centre: 0, spread: 0.1 };
  if (name.endsWith('bias')) return { centre: 0, spread: 0.05 };
  // The last norm of a residual branch is small, so that a sum of many branches stays in range.
  if (/(c_bn|res_layer\.4)\.weight$/.test(name)) return { centre: 0.3, spread: 0.1 };
  if (shape.length === 1) return { centre: name.endsWith('.2.weight') ? 0.25 : 1, spread: 0.1 };
  if (shape.length === 3 || /gru\./.test(name)) return { centre: 0, spread: 1 / Math.sqrt(shape.at(-1) ?? 1) };
  return { centre: 0, spread: Math.sqrt(6 / elementCount(shape.slice(1))) };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

/** Mulberry32: uniform in -1..1, 24 bits, from a 32-bit state. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 8) / 0x800000 - 1;
  };
}
