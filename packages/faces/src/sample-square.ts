/** The pixels that are read: RGB rows from the top. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A square in a picture, perhaps turned: what a small network looks at. */
export interface Square {
  readonly centreX: number;
  readonly centreY: number;
  readonly side: number;
  /** Clockwise turn of the square's upper edge against the picture's, in radians. */
  readonly angle: number;
}

/** Reads per output pixel and axis at most: three keep 1080p free of aliasing at a small part of the cost of a full mean. */
const MAX_TAPS = 3;

/**
 * Copies a square of the picture, resized, into `out`: RGB bytes `[size, size, 3]`, black outside the picture.
 * Enlarging interpolates bilinearly, shrinking takes the mean of up to 3 × 3 reads spread over the pixel: it is for
 * networks that look for points, which stand that, and not for the crops that are judged.
 */
export function sampleSquare(picture: Picture, square: Square, size: number, out: Uint8Array): void {
  const step = square.side / size;
  const taps = Math.min(MAX_TAPS, Math.max(1, Math.round(step)));
  const cos = Math.cos(square.angle);
  const sin = Math.sin(square.angle);
  const subX = (cos * step) / taps;
  const subY = (sin * step) / taps;
  const half = size / 2;
  let to = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++, to += 3) {
      const x = (column - half) * step;
      const y = (row - half) * step;
      // The first read sits in the middle of the pixel's first sub-cell.
      const left = square.centreX + x * cos - y * sin + (subX - subY) / 2;
      const top = square.centreY + x * sin + y * cos + (subX + subY) / 2;
      if (taps === 1) readBilinear(picture, left - 0.5, top - 0.5, out, to);
      else readMean(picture, left, top, subX, subY, taps, out, to);
    }
  }
}

function readMean(
  { width, height, data }: Picture,
  left: number,
  top: number,
  subX: number,
  subY: number,
  taps: number,
  out: Uint8Array,
  to: number,
): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let j = 0; j < taps; j++) {
    for (let i = 0; i < taps; i++) {
      const u = Math.floor(left + i * subX - j * subY);
      const v = Math.floor(top + i * subY + j * subX);
      if (u < 0 || v < 0 || u >= width || v >= height) continue;
      const from = (v * width + u) * 3;
      red += data[from] as number;
      green += data[from + 1] as number;
      blue += data[from + 2] as number;
    }
  }
  const count = taps * taps;
  out[to] = red / count + 0.5;
  out[to + 1] = green / count + 0.5;
  out[to + 2] = blue / count + 0.5;
}

function readBilinear({ width, height, data }: Picture, x: number, y: number, out: Uint8Array, to: number): void {
  const u = Math.floor(x);
  const v = Math.floor(y);
  if (u < -1 || v < -1 || u >= width || v >= height) {
    out.fill(0, to, to + 3);
    return;
  }
  const right = x - u;
  const low = y - v;
  // A read outside weighs nothing, which makes it black; its address is moved inside to stay readable.
  const weightLeft = u < 0 ? 0 : 1 - right;
  const weightRight = u + 1 >= width ? 0 : right;
  const weightTop = v < 0 ? 0 : 1 - low;
  const weightLow = v + 1 >= height ? 0 : low;
  const columnLeft = Math.max(u, 0);
  const columnRight = u + 1 >= width ? u : u + 1;
  const rowTop = Math.max(v, 0) * width;
  const rowLow = (v + 1 >= height ? v : v + 1) * width;
  const a = (rowTop + columnLeft) * 3;
  const b = (rowTop + columnRight) * 3;
  const c = (rowLow + columnLeft) * 3;
  const d = (rowLow + columnRight) * 3;
  for (let channel = 0; channel < 3; channel++) {
    const upper = (data[a + channel] as number) * weightLeft + (data[b + channel] as number) * weightRight;
    const lower = (data[c + channel] as number) * weightLeft + (data[d + channel] as number) * weightRight;
    out[to + channel] = upper * weightTop + lower * weightLow + 0.5;
  }
}
