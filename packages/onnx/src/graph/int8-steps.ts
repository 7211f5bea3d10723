/** The smallest and the largest number that a value took. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** How a value of floats is written in bytes: byte b means `step` · (b − `zero`). */
export interface ByteSteps {
  readonly step: number;
  /** The byte that means 0, so that padding and rectifiers are exact. */
  readonly zero: number;
}

/** Bits of a weight. Two products of 8-bit weights do not always fit into the 16 bits in which AVX2 adds them up. */
export type WeightBits = 7 | 8;

const LARGEST_BYTE = 255;
/** 2 · 255 · 64 = 32,640 fits into 16 bits with a sign; at 65 it would not. */
const LARGEST_WEIGHT: Readonly<Record<WeightBits, number>> = { 7: 64, 8: 127 };
/** Of a bias in steps: half of what 32 bits hold, so that the products fit in beside it. */
const LARGEST_BIAS = 2 ** 30;

/** Steps that reach over the whole range. 0 is always among its values. */
export function byteSteps({ least, most }: Range): ByteSteps {
  const [from, to] = [Math.min(least, 0), Math.max(most, 0)];
  // A value that never was anything but 0 can have any step. float32, since that is how the file keeps it.
  const step = Math.fround((to - from) / LARGEST_BYTE) || 1;
  return { step, zero: Math.min(LARGEST_BYTE, Math.max(0, Math.round(-from / step))) };
}

/** Weights in whole numbers, with a step for each output channel: weight = step of its channel · number. */
export interface StepWeights {
  readonly values: Int8Array;
  readonly steps: Float32Array;
}

/**
 * Rounds weights [channels, …] to the nearest step. The largest of each channel is the largest number, unless the steps of
 * its sums would then be too small for its bias: beside that, such weights are next to nothing.
 * @param bias of each channel
 */
export function stepWeights(
  weights: Float32Array,
  bias: Float32Array,
  input: ByteSteps,
  bits: WeightBits,
): StepWeights {
  const channels = bias.length;
  const perChannel = weights.length / channels;
  const largest = LARGEST_WEIGHT[bits];
  const steps = new Float32Array(channels);
  const values = new Int8Array(weights.length);
  for (const [channel, added] of bias.entries()) {
    const own = weights.subarray(channel * perChannel, (channel + 1) * perChannel);
    const peak = own.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const step = Math.fround(Math.max(peak / largest, Math.abs(added) / (input.step * LARGEST_BIAS))) || 1;
    steps[channel] = step;
    for (const [at, weight] of own.entries()) {
      values[channel * perChannel + at] = Math.max(-largest, Math.min(largest, Math.round(weight / step)));
    }
  }
  return { values, steps };
}

/** A bias in the steps of its channel's sums: those of the input times those of the weights, which leave room for it. */
export function stepBias(bias: Float32Array, input: ByteSteps, steps: Float32Array): Int32Array {
  return Int32Array.from(bias, (value, channel) => Math.round(value / (input.step * (steps[channel] ?? 1))));
}
