import type { PixelPart } from './frame-pixels.js';
import { rowsAtOnce, type YuvKernel } from './yuv-kernel.js';
import { colourRows, half, type YuvPlanes } from './yuv-planes.js';
import { rgbApart, STEP } from './yuv-rows.js';

/** Whether a picture's rows are short enough for the kernel. */
export function fitsKernel({ width }: YuvPlanes): boolean {
  return rowsAtOnce(width) > 0;
}

/** Writes the RGB of a part, row by row: 3 · width · height bytes. */
export function stripsToRgb(planes: YuvPlanes, part: PixelPart, kernel: YuvKernel, out: Uint8Array): void {
  const { left, width } = part;
  const fromLeft = left & ~1;
  const converted = Math.ceil((left - fromLeft + width) / STEP) * STEP;
  const apart = [planes.width, half(planes.width)] as const;
  for (const { top, rows } of strips(planes, part)) {
    const above = loadRows(planes, kernel, top, rows);
    kernel.toRgb(fromLeft, converted, half(above + rows), apart);
    const rgb = rgbApart(converted);
    kernel.closeUp(above * rgb + 3 * (left - fromLeft), rgb, 3 * width, rows);
    out.set(kernel.made.subarray(0, 3 * width * rows), 3 * width * (top - part.top));
  }
}

/** Writes the planes of a part that begins at an even pixel of an even row: `yuvBytes` bytes. */
export function cropPlanes(planes: YuvPlanes, part: PixelPart, kernel: YuvKernel, out: Uint8Array): void {
  const { left, top, width, height } = part;
  const target: YuvPlanes = { width, height, data: out };
  for (const strip of strips(planes, part)) {
    loadRows(planes, kernel, strip.top, strip.rows);
    const line = strip.top - top;
    kernel.takeRows('y', left, planes.width, width, strip.rows);
    out.set(kernel.made.subarray(0, width * strip.rows), width * line);
    const [u, v] = colourRows(target, line);
    for (const [plane, to] of [
      ['u', u],
      ['v', v],
    ] as const) {
      kernel.takeRows(plane, left / 2, half(planes.width), half(width), half(strip.rows));
      out.set(kernel.made.subarray(0, half(width) * half(strip.rows)), to);
    }
  }
}

/** Loading rows one by one takes as long as loading so many pixels of whole rows. */
const PIXELS_OF_ROW_LOAD = 12_000;

/**
 * Writes the pixels in which lines and columns cross.
 * @param lines in ascending order.
 * @returns false, and nothing is written, where the kernel cannot.
 */
export function crossRows(
  planes: YuvPlanes,
  columns: Int32Array,
  lines: Int32Array,
  kernel: YuvKernel,
  form: 'rgb' | 'grey',
  out: Uint8Array,
): boolean {
  if (!isAscending(lines) || !kernel.tellColumns(columns)) return false;
  const rowBytes = (form === 'rgb' ? 3 : 1) * columns.length;
  const most = Math.min(rowsAtOnce(planes.width), Math.floor(kernel.made.length / rowBytes));
  const between = ((lines[lines.length - 1] as number) - (lines[0] as number)) / lines.length;
  const isSparse = between * planes.width > PIXELS_OF_ROW_LOAD;
  for (let from = 0, end = 0; from < lines.length; from = end) {
    const top = lines[from] as number;
    const limit = isSparse ? top + 1 : top + most - (top % 2);
    while (end < lines.length && (lines[end] as number) < limit && end - from < most) end++;
    const above = loadRows(planes, kernel, top, (lines[end - 1] as number) + 1 - top);
    for (let i = from; i < end; i++) {
      const line = above + (lines[i] as number) - top;
      kernel.taps(form, line * planes.width, (line >> 1) * half(planes.width), (i - from) * rowBytes);
    }
    out.set(kernel.made.subarray(0, (end - from) * rowBytes), from * rowBytes);
  }
  return true;
}

function isAscending(lines: Int32Array): boolean {
  for (let i = 1; i < lines.length; i++) if ((lines[i] as number) < (lines[i - 1] as number)) return false;
  return lines.length > 0;
}

/** As `cropPlanes`, without the kernel. */
export function cropRows(planes: YuvPlanes, { left, top, width, height }: PixelPart, out: Uint8Array): void {
  const target: YuvPlanes = { width, height, data: out };
  const copy = (from: number, bytes: number, to: number) => out.set(planes.data.subarray(from, from + bytes), to);
  for (let y = 0; y < height; y++) {
    copy((top + y) * planes.width + left, width, y * width);
    const [[fromU, fromV], [toU, toV]] = [colourRows(planes, top + y), colourRows(target, y)];
    if (y % 2 === 1) continue;
    copy(fromU + left / 2, half(width), toU);
    copy(fromV + left / 2, half(width), toV);
  }
}

/** Rows that are worked on together, from the part's first one on; the first strip's may begin at an odd one, the others begin at even ones. */
function* strips(planes: YuvPlanes, { top, height }: PixelPart): Generator<{ top: number; rows: number }, void> {
  const most = rowsAtOnce(planes.width);
  for (let from = top; from < top + height; ) {
    const rows = Math.min(most - (from % 2), top + height - from);
    yield { top: from, rows };
    from += rows;
  }
}

/** Loads whole rows, from the even one at or before the first. @returns how many before it. */
function loadRows(planes: YuvPlanes, kernel: YuvKernel, top: number, rows: number): number {
  const { data, width } = planes;
  const above = top % 2;
  const first = top - above;
  const [u, v] = colourRows(planes, first);
  const ofColours = half(width) * half(above + rows);
  kernel.y.set(data.subarray(first * width, (top + rows) * width));
  kernel.u.set(data.subarray(u, u + ofColours));
  kernel.v.set(data.subarray(v, v + ofColours));
  return above;
}
