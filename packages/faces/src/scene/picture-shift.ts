import { COLUMNS, meanDifference, type PictureCells, ROWS } from './picture-cells.js';

/** With one picture moved by so many cells, this share of the difference and less is left (cuts: 0.89). */
const MAX_LEFT = 0.5;
const MAX_MOVED = [8, 5] as const;

/** Whether the one picture is the other one moved: the camera turned or was shaken. */
export function isMoved(before: PictureCells, cells: PictureCells): boolean {
  const enough = MAX_LEFT * meanDifference(before, cells);
  const [farX, farY] = MAX_MOVED;
  for (let y = -farY; y <= farY; y++) {
    for (let x = -farX; x <= farX; x++) if (movedDifference(before, cells, x, y) <= enough) return true;
  }
  return false;
}

/** Mean difference over the cells that both show when the first is moved by x and y cells. */
function movedDifference(a: PictureCells, b: PictureCells, x: number, y: number): number {
  let sum = 0;
  let count = 0;
  for (let row = Math.max(0, -y); row < Math.min(ROWS, ROWS - y); row++) {
    const first = Math.max(0, -x);
    const last = Math.min(COLUMNS, COLUMNS - x);
    for (let i = (row * COLUMNS + first) * 3; i < (row * COLUMNS + last) * 3; i++, count++) {
      sum += Math.abs((a[i + (y * COLUMNS + x) * 3] as number) - (b[i] as number));
    }
  }
  return sum / count;
}
