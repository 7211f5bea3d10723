import { add, type Code, copyBytes, get, moduleOf, number, repeat, set } from './wasm-code.js';

/** Moves rows: from where, bytes between them there; to where, bytes between them there; bytes of a row, how many rows. */
const [FROM, FROM_STEP, INTO, INTO_STEP, ROW_BYTES, ROWS, ROW] = [0, 1, 2, 3, 4, 5, 6] as const;
const BODY: readonly Code[] = [
  [...number(0), ...set(ROW)],
  repeat(ROW, 1, get(ROWS), [
    [...get(INTO), ...get(FROM), ...get(ROW_BYTES), ...copyBytes],
    [...get(FROM), ...get(FROM_STEP), ...add, ...set(FROM)],
    [...get(INTO), ...get(INTO_STEP), ...add, ...set(INTO)],
  ]),
];

/** A module that moves rows within its memory, from the first one on; its parameters stand above. */
export function moveModule(): Uint8Array<ArrayBuffer> {
  return moduleOf(6, 1, BODY);
}
