import {
  add,
  addEight,
  type Code,
  eight,
  get,
  loadEight,
  loadSixteen,
  lowerBytes,
  moduleOf,
  multiply,
  multiplyEight,
  number,
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

/** Pixels that are converted at once: rows of RGB have a multiple of so many. */
export const STEP = 16;

/** Bytes between rows of RGB of so many pixels: four pixels are written with four bytes more, which the next ones overwrite. */
export function rgbApart(width: number): number {
  return 3 * width + STEP;
}

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

/** A module that converts pairs of rows, `rgbApart` bytes between rows of RGB; its parameters stand above. */
export function rowsModule({
  y,
  redOfV,
  blueOfU,
  greenOfU,
  greenOfV,
  blackTimes8,
}: YuvFactors): Uint8Array<ArrayBuffer> {
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
  return moduleOf(PARAMETERS, NUMBERS, body, local - FIRST_VECTOR);
}
