import { COLUMNS, meanDifference, type PictureCells, ROWS } from './picture-cells.js';

/**
 * One picture is the other one moved when some shift, of at most so many cells, leaves at most this share of their
 * difference. Pictures of two scenes keep more of it (README "Scenes").
 */
const MAX_LEFT = 0.5;
const MAX_MOVED = [8, 5] as const;

/** Whether one picture is the other one moved, because the camera turned or was shaken. */
export function isMoved(before: PictureCells, cells: PictureCells): boolean {
  const enough = MAX_LEFT * meanDifference(before, cells);
  const [farX, farY] = MAX_MOVED;
  for (let y = -farY; y <= farY; y++) {
    for (let x = -farX; x <= farX; x++) if (movedDifference(before, cells, x, y) <= enough) return true;
  }
  return false;
}

/** Mean difference of two pictures when the first is moved by x and y cells, over the cells that both show. */
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
