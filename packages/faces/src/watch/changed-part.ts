import type { Frame } from '@styleflow/media';
import type { Box } from '../geometry/geometry.js';
import { COLUMNS, type PictureCells, ROWS } from '../scene/picture-cells.js';

/** A cell has changed when one of its colours differs by more than this (0..255): codecs leave half as much (README "Watching"). */
const CHANGED = 6;
/** So many cells around a changed one belong to it: a face there may reach beyond it, and the search wants its surroundings. */
const AROUND = 2;

/** Where a picture has changed since a search has looked there. */
export class ChangedPart {
  /** Of each cell, what it was when it was last searched. */
  readonly #searched: PictureCells;

  constructor(cells: PictureCells) {
    this.#searched = cells.slice();
  }

  /** @returns the part of the frame that has changed, in whole pixels; null when none has. It counts as searched from now on. */
  take({ width, height }: Frame, cells: PictureCells): Box | null {
    let [left, top, right, bottom] = [COLUMNS, ROWS, -1, -1];
    for (let row = 0; row < ROWS; row++) {
      for (let column = 0; column < COLUMNS; column++) {
        if (!this.#isChanged(cells, row * COLUMNS + column)) continue;
        left = Math.min(left, column);
        right = Math.max(right, column);
        top = Math.min(top, row);
        bottom = row;
      }
    }
    if (right < 0) return null;
    left = Math.max(0, left - AROUND);
    top = Math.max(0, top - AROUND);
    right = Math.min(COLUMNS, right + 1 + AROUND);
    bottom = Math.min(ROWS, bottom + 1 + AROUND);
    for (let row = top; row < bottom; row++) {
      const [from, to] = [(row * COLUMNS + left) * 3, (row * COLUMNS + right) * 3];
      this.#searched.set(cells.subarray(from, to), from);
    }
    return [
      Math.floor((left * width) / COLUMNS),
      Math.floor((top * height) / ROWS),
      Math.ceil((right * width) / COLUMNS),
      Math.ceil((bottom * height) / ROWS),
    ];
  }

  #isChanged(cells: PictureCells, cell: number): boolean {
    for (let at = 3 * cell; at < 3 * cell + 3; at++) {
      if (Math.abs((cells[at] as number) - (this.#searched[at] as number)) > CHANGED) return true;
    }
    return false;
  }
}
