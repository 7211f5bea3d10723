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
 * Shrinks a square of the picture into `out`, float32 `[size, size, 3]`, as `value · scale + offset`; black outside.
 * Enlarging interpolates bilinearly, shrinking takes the mean of up to 3 × 3 reads spread over the pixel: it is for
 * detectors, which stand that, and not for the crops that are judged.
 */
export function sampleSquare(
  picture: Picture,
  square: Square,
  size: number,
  out: Float32Array,
  scale: number,
  offset: number,
): void {
  const step = square.side / size;
  const taps = Math.min(MAX_TAPS, Math.max(1, Math.round(step)));
  const cos = Math.cos(square.angle);
  const sin = Math.sin(square.angle);
  const subX = (cos * step) / taps;
  const subY = (sin * step) / taps;
  const half = size / 2;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = (column - half) * step;
      const y = (row - half) * step;
      // The first read sits in the middle of the pixel's first sub-cell.
      const left = square.centreX + x * cos - y * sin + (subX - subY) / 2;
      const top = square.centreY + x * sin + y * cos + (subX + subY) / 2;
      const to = (row * size + column) * 3;
      if (taps === 1) readBilinear(picture, left - 0.5, top - 0.5, out, to, scale, offset);
      else readMean(picture, left, top, subX, subY, taps, out, to, scale, offset);
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
  out: Float32Array,
  to: number,
  scale: number,
  offset: number,
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
  const weight = scale / (taps * taps);
  out[to] = red * weight + offset;
  out[to + 1] = green * weight + offset;
  out[to + 2] = blue * weight + offset;
}

function readBilinear(
  { width, height, data }: Picture,
  x: number,
  y: number,
  out: Float32Array,
  to: number,
  scale: number,
  offset: number,
): void {
  const u = Math.floor(x);
  const v = Math.floor(y);
  const fx = x - u;
  const fy = y - v;
  for (let channel = 0; channel < 3; channel++) {
    let sum = 0;
    for (let j = 0; j < 2; j++) {
      for (let i = 0; i < 2; i++) {
        if (u + i < 0 || v + j < 0 || u + i >= width || v + j >= height) continue;
        const weight = (i === 0 ? 1 - fx : fx) * (j === 0 ? 1 - fy : fy);
        sum += weight * (data[((v + j) * width + u + i) * 3 + channel] as number);
      }
    }
    out[to + channel] = sum * scale + offset;
  }
}
