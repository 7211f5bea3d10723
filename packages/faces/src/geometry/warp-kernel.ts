import {
  add,
  addFour,
  and,
  type Code,
  dot,
  four,
  get,
  load,
  loadEight,
  moduleOf,
  multiply,
  number,
  openKernel,
  or,
  PAGE_BYTES,
  repeat,
  set,
  shiftFourRight,
  shiftLeft,
  shiftRight,
  shuffle,
  storeFour,
  subtract,
  zeros,
} from '@styleflow/media/wasm-code';

/** Where each row and each column of the crop lies in the picture, in 1/1024 pixel: 256 numbers each, those of rows with their rounding. */
export interface WarpTables {
  readonly alongU: Int32Array;
  readonly alongV: Int32Array;
  readonly rowU: Int32Array;
  readonly rowV: Int32Array;
}

const SIDE = 256;
const ROW_BYTES = SIDE * 3;
/** Its memory: the tables, the crop, the picture; between and behind them room for what is read or written along with the last pixel. */
const TABLE_BYTES = SIDE * 4;
const [ALONG_U, ALONG_V, ROW_U, ROW_V] = [0, TABLE_BYTES, 2 * TABLE_BYTES, 3 * TABLE_BYTES] as const;
const CROP = 4 * TABLE_BYTES;
const PICTURE = CROP + SIDE * ROW_BYTES + 64;
/** Larger pictures are warped without it, so that its memory stays small. */
const MOST_PICTURE_BYTES = 4_000_000;

/** Locals: the first row, the one behind the last, the address of the picture's pixel (0, 0) in the transform's coordinates, bytes of a row. */
const [ROW, END_ROW, BASE, STRIDE] = [0, 1, 2, 3] as const;
const [COLUMN, U, V, AT, TO, FROM_U, FROM_V, BOTH, RIGHT, BELOW] = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13] as const;
const LOCALS = 10;

/** Red, green and blue of two neighbours, each as 16 bits: red of both, green of both, blue of both. */
const PAIRS: Code = [...zeros, ...shuffle(0, 16, 3, 16, 1, 16, 4, 16, 2, 16, 5, 16, 16, 16, 16, 16)];
/** The lowest byte of each of four numbers, in front. */
const LOWEST: Code = [...zeros, ...shuffle(0, 4, 8, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16)];
const FRACTION: Code = [...number(31), ...and];
const WHOLE: Code = [...number(5), ...shiftRight];
const UPPER_HALF: Code = [...number(16), ...shiftLeft];

/** The arithmetic of `warpCrop` for rows that lie inside the picture as a whole: weights of 2^10 in all. */
const BODY: readonly Code[] = [
  repeat(ROW, 1, get(END_ROW), [
    [...get(ROW), ...number(2), ...shiftLeft, ...load(ROW_U), ...set(FROM_U)],
    [...get(ROW), ...number(2), ...shiftLeft, ...load(ROW_V), ...set(FROM_V)],
    [...get(ROW), ...number(ROW_BYTES), ...multiply, ...set(TO)],
    [...number(0), ...set(COLUMN)],
    repeat(COLUMN, 4, number(TABLE_BYTES), [
      [...get(FROM_U), ...get(COLUMN), ...load(ALONG_U), ...add, ...WHOLE, ...set(U)],
      [...get(FROM_V), ...get(COLUMN), ...load(ALONG_V), ...add, ...WHOLE, ...set(V)],
      [...get(U), ...FRACTION, ...get(V), ...FRACTION, ...multiply, ...set(BOTH)],
      [...get(U), ...FRACTION, ...number(5), ...shiftLeft, ...get(BOTH), ...subtract, ...set(RIGHT)],
      [...get(V), ...FRACTION, ...number(5), ...shiftLeft, ...get(BOTH), ...subtract, ...set(BELOW)],
      [...get(V), ...WHOLE, ...get(STRIDE), ...multiply, ...get(BASE), ...add],
      [...get(U), ...WHOLE, ...number(3), ...multiply, ...add, ...set(AT)],
      get(TO),
      [...get(AT), ...loadEight, ...PAIRS],
      [...number(1024), ...get(RIGHT), ...subtract, ...get(BELOW), ...subtract, ...get(BOTH), ...subtract],
      [...get(RIGHT), ...UPPER_HALF, ...or, ...four, ...dot],
      [...get(AT), ...get(STRIDE), ...add, ...loadEight, ...PAIRS],
      [...get(BELOW), ...get(BOTH), ...UPPER_HALF, ...or, ...four, ...dot],
      [...addFour, ...number(512), ...four, ...addFour, ...number(10), ...shiftFourRight],
      [...LOWEST, ...storeFour(CROP)],
      [...get(TO), ...number(3), ...add, ...set(TO)],
    ]),
  ]),
];

/** RGB pixels, and where the first of them lies in the coordinates of the tables. */
interface Picture {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly data: Uint8Array;
}

/** Warps rows of a crop that lie inside the picture as a whole. */
export type WarpRows = (
  picture: Picture,
  tables: WarpTables,
  rows: readonly [from: number, to: number],
  out: Uint8Array,
) => void;

/** Null on a processor without vectors. */
export function openWarpKernel(): WarpRows | null {
  const kernel = openKernel(moduleOf(4, LOCALS, BODY), PICTURE);
  if (kernel === null) return null;
  const { memory, run } = kernel;
  return ({ data, width, x, y }, tables, [from, to], out) => {
    const missing = PICTURE + data.length + 64 - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    const bytes = new Uint8Array(memory.buffer);
    bytes.set(data, PICTURE);
    const numbers = new Int32Array(memory.buffer, 0, 4 * SIDE);
    for (const [i, table] of [tables.alongU, tables.alongV, tables.rowU, tables.rowV].entries())
      numbers.set(table, i * SIDE);
    const stride = width * 3;
    run(from, to, PICTURE - y * stride - x * 3, stride);
    const [start, end] = [from * ROW_BYTES, to * ROW_BYTES];
    out.set(bytes.subarray(CROP + start, CROP + end), start);
  };
}

/** Whether the kernel's memory may grow to hold this picture. */
export function fitsKernel({ data }: Pick<Picture, 'data'>): boolean {
  return data.length <= MOST_PICTURE_BYTES;
}
