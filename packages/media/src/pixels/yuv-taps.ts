import { GREY } from './frame-pixels.js';
import {
  add,
  addKernel,
  type Code,
  get,
  type Kernel,
  type KernelMemory,
  load,
  loadByte,
  moduleOf,
  multiply,
  number,
  repeat,
  set,
  shiftLeft,
  shiftRight,
  storeByte,
  subtract,
} from './wasm-code.js';
import type { YuvFactors } from './yuv-colours.js';

/** Parameters: addresses of a row of Y and of its rows of U and V, of the columns' numbers (how many of them), and where to write. */
const [Y, U, V, COLUMNS, COUNT, TO] = [0, 1, 2, 3, 4, 5] as const;
const [I, COLUMN, BRIGHT, OF_U, OF_V] = [6, 7, 8, 9, 10] as const;

/** A table of bytes in the kernel's memory: sums of parts within 0..255, for those from `zero` below it on. */
export interface ClipTable {
  readonly at: number;
  readonly zero: number;
}

/**
 * Converts single pixels of a row, by the arithmetic of `YuvKernel`.
 * @param isGrey whether their brightness is written, a byte each; else RGB.
 */
export function openTaps(factors: YuvFactors, memory: KernelMemory, clip: ClipTable, isGrey: boolean): Kernel['run'] {
  const { y, redOfV, blueOfU, greenOfU, greenOfV, blackTimes8 } = factors;
  const times8 = (zero: number): Code => [...number(3), ...shiftLeft, ...number(zero), ...subtract];
  const part = (local: number, factor: number): Code => [
    ...[...get(local), ...number(factor), ...multiply, ...number(16), ...shiftRight],
  ];
  const colour = (row: number): Code => [
    ...[...get(row), ...get(COLUMN), ...number(1), ...shiftRight, ...add],
    ...[...loadByte(0), ...times8(1024)],
  ];
  const clipped: Code = [...get(BRIGHT), ...add, ...loadByte(clip.at)];
  const red: Code = [...part(OF_V, redOfV), ...clipped];
  const green: Code = [...part(OF_U, greenOfU), ...part(OF_V, greenOfV), ...add, ...clipped];
  const blue: Code = [...part(OF_U, blueOfU), ...clipped];
  const weighed = (value: Code, weight: number): Code => [...value, ...number(weight), ...multiply];
  const grey: Code = [
    ...[...weighed(red, GREY[0]), ...weighed(green, GREY[1]), ...add, ...weighed(blue, GREY[2]), ...add],
    ...[...number(8), ...shiftRight],
  ];
  const written: Code = isGrey
    ? [...get(TO), ...grey, ...storeByte(0)]
    : [red, green, blue].flatMap((value, nth) => [...get(TO), ...value, ...storeByte(nth)]);
  const body = [
    [...number(0), ...set(I)],
    repeat(I, 1, get(COUNT), [
      [...get(COLUMNS), ...get(I), ...number(2), ...shiftLeft, ...add, ...load(0), ...set(COLUMN)],
      [...get(Y), ...get(COLUMN), ...add, ...loadByte(0), ...times8(blackTimes8), ...set(BRIGHT)],
      // Addresses are not negative.
      [...part(BRIGHT, y), ...number(clip.zero), ...add, ...set(BRIGHT)],
      [...colour(U), ...set(OF_U), ...colour(V), ...set(OF_V)],
      written,
      [...get(TO), ...number(isGrey ? 1 : 3), ...add, ...set(TO)],
    ]),
  ];
  return addKernel(moduleOf(6, 5, body), memory);
}
