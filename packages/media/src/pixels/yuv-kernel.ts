import {
  add,
  addEight,
  addKernel,
  type Code,
  copyBytes,
  eight,
  get,
  loadEight,
  loadSixteen,
  lowerBytes,
  moduleOf,
  multiply,
  multiplyEight,
  number,
  openKernel,
  pick,
  repeat,
  set,
  shiftEightRight,
  shiftRight,
  shuffle,
  sixteen,
  storeSixteen,
  subtractEight,
  toBytes,
  upperBytes,
  zeros,
} from './wasm-code.js';
import type { YuvFactors } from './yuv-colours.js';
import { type ClipTable, openTaps } from './yuv-taps.js';

/** Pixels that are converted at once: rows of RGB have a multiple of so many. */
export const STEP = 16;

/** Parameters: addresses of Y, U, V and RGB; pixels of a row, a multiple of `STEP`; pairs of rows; bytes between rows of Y, and of U or V. */
const [Y, U, V, RGB, WIDTH, PAIRS, APART, COLOURS_APART] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const PARAMETERS = 8;
const [PAIR, COLUMN, FROM_ROW, TO, TO_APART] = [8, 9, 10, 11, 12] as const;
const NUMBERS = 5;
const FIRST_VECTOR = PARAMETERS + NUMBERS;
const [A, RED, GREEN, BLUE, LOW, HIGH, REDS, GREENS, BLUES, THREE_OF_FOUR, ZEROS, FIRST_FACTOR] = Array.from(
  { length: 12 },
  (_, i) => FIRST_VECTOR + i,
) as [number, number, number, number, number, number, number, number, number, number, number, number];

/** A factor of 13 bits behind the point in two parts, of 6 and 7 bits: products with each fit into 16 bits. */
interface SplitFactor {
  readonly upper: number;
  readonly lower: number;
}
const LOWER_BITS = 7;
const UPPER_BITS = 6;

/** The floor of the product of the numbers in `A` with a factor: of the whole product's floor, as the lower part's is exact in its own. */
const timesFactor = ({ upper, lower }: SplitFactor): Code => [
  ...[...get(A), ...get(lower), ...multiplyEight, ...number(LOWER_BITS), ...shiftEightRight],
  ...[...get(A), ...get(upper), ...multiplyEight, ...addEight, ...number(UPPER_BITS), ...shiftEightRight],
];
/** Each of the lower or upper four numbers of 16 bits twice: two neighbours of a row share their U and V. */
const twice = (isUpper: boolean): Code => {
  const lanes = Array.from({ length: 16 }, (_, byte) => (isUpper ? 8 : 0) + (byte >> 2) * 2 + (byte & 1));
  return shuffle(...lanes);
};
const channel = (part: number): Code => [
  ...[...get(LOW), ...get(part), ...get(part), ...twice(false), ...addEight],
  ...[...get(HIGH), ...get(part), ...get(part), ...twice(true), ...addEight],
  ...toBytes,
];
/** Numbers of so many bytes of two vectors in turn, of their lower or upper halves. */
const inTurn = (bytes: number, isUpper: boolean): Code => {
  const lanes = Array.from({ length: 16 }, (_, byte) => {
    const nth = Math.floor(byte / bytes);
    return (nth % 2) * 16 + (isUpper ? 8 : 0) + (nth >> 1) * bytes + (byte % bytes);
  });
  return shuffle(...lanes);
};
const redGreen = (isUpper: boolean): Code => [...get(REDS), ...get(GREENS), ...inTurn(1, isUpper)];
const blueNothing = (isUpper: boolean): Code => [...get(BLUES), ...get(ZEROS), ...inTurn(1, isUpper)];
/** The first, second, third or fourth four of 16 pixels, each of four bytes. */
const fourPixels = (nth: number): Code => [
  ...[...redGreen(nth > 1), ...blueNothing(nth > 1), ...inTurn(2, nth % 2 === 1)],
];

function bodyOf({ y, redOfV, blueOfU, greenOfU, greenOfV, blackTimes8 }: YuvFactors): {
  body: Code[];
  vectors: number;
} {
  const constants: Code[] = [];
  let local = FIRST_FACTOR;
  const constant = (value: number): number => {
    constants.push([...number(value), ...eight, ...set(local)]);
    return local++;
  };
  const split = (factor: number): SplitFactor => {
    const upper = Math.floor(factor / 2 ** LOWER_BITS);
    return { upper: constant(upper), lower: constant(factor - upper * 2 ** LOWER_BITS) };
  };
  const [black, middle] = [constant(blackTimes8 / 8), constant(128)];
  const [ofY, redV, blueU, greenU, greenV] = [y, redOfV, blueOfU, greenOfU, greenOfV].map(split) as [
    SplitFactor,
    SplitFactor,
    SplitFactor,
    SplitFactor,
    SplitFactor,
  ];
  const colourValues = (plane: number): Code => [
    ...[...get(plane), ...get(COLUMN), ...number(1), ...shiftRight, ...add, ...loadEight],
    ...[...lowerBytes, ...get(middle), ...subtractEight, ...set(A)],
  ];
  /** Of 8 values of U and V, what they add to the colours. */
  const colours: Code[] = [
    [...colourValues(U), ...timesFactor(blueU), ...set(BLUE), ...timesFactor(greenU), ...set(GREEN)],
    [...colourValues(V), ...timesFactor(redV), ...set(RED)],
    [...timesFactor(greenV), ...get(GREEN), ...addEight, ...set(GREEN)],
  ];
  const row: Code[] = [
    [...get(FROM_ROW), ...get(COLUMN), ...add, ...loadSixteen(0), ...set(HIGH)],
    [...get(HIGH), ...lowerBytes, ...get(black), ...subtractEight, ...set(A), ...timesFactor(ofY), ...set(LOW)],
    [...get(HIGH), ...upperBytes, ...get(black), ...subtractEight, ...set(A), ...timesFactor(ofY), ...set(HIGH)],
    [...channel(RED), ...set(REDS), ...channel(GREEN), ...set(GREENS), ...channel(BLUE), ...set(BLUES)],
    ...[0, 1, 2, 3].map((nth) => [
      ...[...get(TO), ...get(COLUMN), ...number(3), ...multiply, ...add],
      ...[...fourPixels(nth), ...get(THREE_OF_FOUR), ...pick, ...storeSixteen(12 * nth)],
    ]),
  ];
  const body = [
    ...constants,
    [...sixteen(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 16, 16, 16), ...set(THREE_OF_FOUR)],
    [...zeros, ...set(ZEROS)],
    [...get(WIDTH), ...number(3), ...multiply, ...number(STEP), ...add, ...set(TO_APART)],
    [...number(0), ...set(PAIR)],
    repeat(PAIR, 1, get(PAIRS), [
      [...number(0), ...set(COLUMN)],
      repeat(COLUMN, STEP, get(WIDTH), [
        ...colours,
        [...get(Y), ...set(FROM_ROW), ...get(RGB), ...set(TO)],
        ...row,
        [...get(Y), ...get(APART), ...add, ...set(FROM_ROW), ...get(RGB), ...get(TO_APART), ...add, ...set(TO)],
        ...row,
      ]),
      [...get(Y), ...get(APART), ...number(2), ...multiply, ...add, ...set(Y)],
      [...get(U), ...get(COLOURS_APART), ...add, ...set(U)],
      [...get(V), ...get(COLOURS_APART), ...add, ...set(V)],
      [...get(RGB), ...get(TO_APART), ...number(2), ...multiply, ...add, ...set(RGB)],
    ]),
  ];
  return { body, vectors: local - FIRST_VECTOR };
}

/** Moves rows: from where, bytes between them there; to where, bytes between them there; bytes of a row, how many rows. */
const [FROM, FROM_STEP, INTO, INTO_STEP, ROW_BYTES, ROWS, ROW] = [0, 1, 2, 3, 4, 5, 6] as const;
const MOVE: readonly Code[] = [
  [...number(0), ...set(ROW)],
  repeat(ROW, 1, get(ROWS), [
    [...get(INTO), ...get(FROM), ...get(ROW_BYTES), ...copyBytes],
    [...get(FROM), ...get(FROM_STEP), ...add, ...set(FROM)],
    [...get(INTO), ...get(INTO_STEP), ...add, ...set(INTO)],
  ]),
];

/** Most pixels of Y that are worked on at once, whole rows of the picture: what they take stays near the processor. */
const MOST_PIXELS = 131_072;
const [Y_AT, U_AT, V_AT] = [0, MOST_PIXELS + STEP, (MOST_PIXELS * 5) / 4 + 2 * STEP] as const;
const RGB_AT = (MOST_PIXELS * 3) / 2 + 3 * STEP;
/** Four pixels are written with four bytes more, which the next ones overwrite: behind a row there is room for them. */
const MADE_BYTES = 4 * MOST_PIXELS;
const COLUMNS_AT = RGB_AT + MADE_BYTES;
/** Most single pixels of a row that are converted at once. */
const MOST_COLUMNS = 4096;
/** Sums of the parts of a colour lie no farther below 0 and above 255. */
const CLIP: ClipTable = { at: COLUMNS_AT + 4 * MOST_COLUMNS, zero: 512 };
const CLIP_BYTES = 2 * CLIP.zero + 256;

/** Memory with rows of a picture, as wide as the picture, and what is made of them. */
export interface YuvKernel {
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  readonly made: Uint8Array;
  /**
   * RGB of the rows' pixels from an even one on, in `made`.
   * @param width a multiple of `STEP`; rows of RGB lie `rgbApart(width)` bytes apart.
   */
  toRgb(left: number, width: number, pairs: number, apart: readonly [y: number, colours: number]): void;
  /**
   * Single pixels of a row, as RGB or as their brightness, into `made`, `to` bytes from its start on. The columns are those that were last
   * told.
   */
  taps(form: 'rgb' | 'grey', y: number, colours: number, to: number): void;
  /** @returns false when they are too many. */
  tellColumns(columns: Int32Array): boolean;
  /** Moves rows within `made` so that one lies behind the other, from the front: of so many bytes, which lay so far apart. */
  closeUp(from: number, apart: number, rowBytes: number, rows: number): void;
  /** Moves parts of rows of `y`, `u` or `v` into `made`, one behind the other. */
  takeRows(plane: 'y' | 'u' | 'v', from: number, apart: number, rowBytes: number, rows: number): void;
}

/** Null on a processor without vectors. */
export function openYuvKernel(factors: YuvFactors): YuvKernel | null {
  const { body, vectors } = bodyOf(factors);
  const kernel = openKernel(moduleOf(PARAMETERS, NUMBERS, body, vectors), CLIP.at + CLIP_BYTES);
  if (kernel === null) return null;
  const { memory, run } = kernel;
  const move = addKernel(moduleOf(6, 1, MOVE), memory);
  const taps = { rgb: openTaps(factors, memory, CLIP, false), grey: openTaps(factors, memory, CLIP, true) };
  const bytes = new Uint8Array(memory.buffer);
  for (let i = 0; i < CLIP_BYTES; i++) bytes[CLIP.at + i] = Math.max(0, Math.min(255, i - CLIP.zero));
  const numbers = new Int32Array(memory.buffer, COLUMNS_AT, MOST_COLUMNS);
  let told = 0;
  const starts = { y: Y_AT, u: U_AT, v: V_AT };
  return {
    y: bytes.subarray(Y_AT, U_AT),
    u: bytes.subarray(U_AT, V_AT),
    v: bytes.subarray(V_AT, RGB_AT),
    made: bytes.subarray(RGB_AT, COLUMNS_AT),
    toRgb: (left, width, pairs, [apart, coloursApart]) =>
      run(Y_AT + left, U_AT + left / 2, V_AT + left / 2, RGB_AT, width, pairs, apart, coloursApart),
    taps: (form, y, colours, to) => taps[form](Y_AT + y, U_AT + colours, V_AT + colours, COLUMNS_AT, told, RGB_AT + to),
    tellColumns(columns) {
      if (columns.length === 0 || columns.length > MOST_COLUMNS) return false;
      numbers.set(columns);
      told = columns.length;
      return true;
    },
    closeUp: (from, apart, rowBytes, rows) => move(RGB_AT + from, apart, RGB_AT, rowBytes, rowBytes, rows),
    takeRows: (plane, from, apart, rowBytes, rows) =>
      move(starts[plane] + from, apart, RGB_AT, rowBytes, rowBytes, rows),
  };
}

/** Bytes between rows of RGB of so many pixels, as the kernel makes them. */
export function rgbApart(width: number): number {
  return 3 * width + STEP;
}

/** How many rows of a picture of this width are worked on at once: an even number. */
export function rowsAtOnce(width: number): number {
  return Math.floor(MOST_PIXELS / (Math.ceil(width / STEP) * STEP)) & ~1;
}
