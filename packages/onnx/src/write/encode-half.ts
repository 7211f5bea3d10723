import { checkpointError } from '@styleflow/files';

/** Bits of the float32 65520. From this value on, half precision would round to infinity. */
const FIRST_TOO_LARGE = 0x477ff000;
/** Bits of the float32 2^-14, the smallest normal number of half precision. */
const SMALLEST_NORMAL = 0x38800000;
/** Half precision counts its subnormal numbers in steps of 2^-24. */
const STEPS_PER_ONE = 2 ** 24;

/**
 * Float32 values as bits of IEEE 754 half precision (1 sign, 5 exponent, 10 fraction bits), rounded to the nearest, ties to
 * even. `name` is the tensor's, for the error.
 * @throws JobError `invalid_request` for a value beyond ±65504 or one that is no number.
 */
export function encodeHalf(values: Float32Array, name: string): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) {
    const all = bits[i] ?? 0;
    const size = all & 0x7fffffff;
    if (size >= FIRST_TOO_LARGE) throw outOfRange(name, values[i] ?? 0);
    const sign = (all >>> 16) & 0x8000;
    // The exponent's bias shrinks from 127 to 15. A carry out of the fraction raises the exponent, which is right.
    const rounded =
      size < SMALLEST_NORMAL
        ? roundToEven(Math.abs(values[i] ?? 0) * STEPS_PER_ONE)
        : (size + 0xfff + ((size >>> 13) & 1) - 0x38000000) >>> 13;
    halves[i] = sign | rounded;
  }
  return halves;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

function outOfRange(name: string, value: number) {
  return checkpointError(
    `tensor ${name} holds ${value}, which half precision cannot: import it without --precision fp16`,
  );
}
