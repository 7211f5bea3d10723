import { moveModule } from './move-rows.js';
import { addKernel, openKernel } from './wasm-code.js';
import type { YuvFactors } from './yuv-colours.js';
import { rowsModule, STEP } from './yuv-rows.js';
import { type ClipTable, openTaps } from './yuv-taps.js';

/** Most pixels of Y that are worked on at once, whole rows of the picture: what they take stays near the processor. */
const MOST_PIXELS = 131_072;
const [Y_AT, U_AT, V_AT] = [0, MOST_PIXELS + STEP, (MOST_PIXELS * 5) / 4 + 2 * STEP] as const;
const RGB_AT = (MOST_PIXELS * 3) / 2 + 3 * STEP;
/** Rows of RGB have room behind them. */
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
  const kernel = openKernel(rowsModule(factors), CLIP.at + CLIP_BYTES);
  if (kernel === null) return null;
  const { memory, run } = kernel;
  const move = addKernel(moveModule(), memory);
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

/** How many rows of a picture of this width are worked on at once: an even number. */
export function rowsAtOnce(width: number): number {
  return Math.floor(MOST_PIXELS / (Math.ceil(width / STEP) * STEP)) & ~1;
}
