import type { Frame, FramePixels, PixelPart } from '@styleflow/media';

/** The picture that is read. */
type Picture = Pick<Frame, 'width' | 'height' | 'pixels'>;

/** A square in a picture, which may be turned: the part that a small network is shown. */
export interface Square {
  readonly centreX: number;
  readonly centreY: number;
  readonly side: number;
  /** Clockwise turn of the square's upper edge against the picture's, in radians. */
  readonly angle: number;
}

/**
 * How many pixels of the picture, along a side, may become one by bilinear interpolation. It reads four neighbours, so
 * it would skip pixels when shrinking further; then four reads are spread over all that become one.
 */
const MAX_BILINEAR_STEP = 2;
/** Coordinates are whole numbers of 1/256 pixel: arithmetic with whole numbers is faster than with fractions. */
const FRACTION_BITS = 8;
const ONE = 1 << FRACTION_BITS;

/**
 * Copies a square of the picture, resized, into `out`: RGB bytes `[size, size, 3]`, black outside the picture. It is
 * fast and rough: bilinear interpolation, or the mean of 2 × 2 reads when it shrinks by more than 2. The networks that
 * look for faces and points bear that. The crops that are judged are made by `warpCrop` instead.
 */
export function sampleSquare(picture: Picture, square: Square, size: number, out: Uint8Array): void {
  const part = partAround(picture, square);
  if (part === null) out.fill(0);
  else if (square.side / size <= MAX_BILINEAR_STEP) sampleBilinear(readPart(picture.pixels, part), square, size, out);
  else sampleMeans(readPart(picture.pixels, part), square, size, out);
}

function sampleBilinear(
  { left: partLeft, top: partTop, width, height, data }: Part,
  square: Square,
  size: number,
  out: Uint8Array,
): void {
  const step = square.side / size;
  const [cos, sin] = [Math.cos(square.angle) * step, Math.sin(square.angle) * step];
  let to = 0;
  for (let row = 0; row < size; row++) {
    const y = row + 0.5 - size / 2;
    for (let column = 0; column < size; column++, to += 3) {
      const x = column + 0.5 - size / 2;
      const left = Math.round((square.centreX - 0.5 + x * cos - y * sin) * ONE);
      const top = Math.round((square.centreY - 0.5 + x * sin + y * cos) * ONE);
      const u = (left >> FRACTION_BITS) - partLeft;
      const v = (top >> FRACTION_BITS) - partTop;
      if (u < 0 || v < 0 || u + 1 >= width || v + 1 >= height) {
        out[to] = out[to + 1] = out[to + 2] = 0;
        continue;
      }
      const right = left & (ONE - 1);
      const low = top & (ONE - 1);
      const a = (ONE - right) * (ONE - low);
      const b = right * (ONE - low);
      const c = (ONE - right) * low;
      const d = right * low;
      const from = (v * width + u) * 3;
      const below = from + width * 3;
      for (let channel = 0; channel < 3; channel++) {
        const sum =
          (data[from + channel] as number) * a +
          (data[from + 3 + channel] as number) * b +
          (data[below + channel] as number) * c +
          (data[below + 3 + channel] as number) * d;
        out[to + channel] = (sum + (ONE * ONE) / 2) >> (2 * FRACTION_BITS);
      }
    }
  }
}

function sampleMeans(
  { left: partLeft, top: partTop, width, height, data }: Part,
  square: Square,
  size: number,
  out: Uint8Array,
): void {
  const step = square.side / size / 2;
  const cos = Math.round(Math.cos(square.angle) * step * ONE);
  const sin = Math.round(Math.sin(square.angle) * step * ONE);
  let to = 0;
  for (let row = 0; row < size; row++) {
    const y = 2 * row + 0.5 - size;
    for (let column = 0; column < size; column++, to += 3) {
      const x = 2 * column + 0.5 - size;
      const left = Math.round(square.centreX * ONE + x * cos - y * sin);
      const top = Math.round(square.centreY * ONE + x * sin + y * cos);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = 0; tap < 4; tap++) {
        const right = tap & 1;
        const low = tap >> 1;
        const u = ((left + right * cos - low * sin) >> FRACTION_BITS) - partLeft;
        const v = ((top + right * sin + low * cos) >> FRACTION_BITS) - partTop;
        if (u < 0 || v < 0 || u >= width || v >= height) continue;
        const from = (v * width + u) * 3;
        red += data[from] as number;
        green += data[from + 1] as number;
        blue += data[from + 2] as number;
      }
      out[to] = (red + 2) >> 2;
      out[to + 1] = (green + 2) >> 2;
      out[to + 2] = (blue + 2) >> 2;
    }
  }
}

/** A part of the picture and its RGB. */
interface Part extends PixelPart {
  readonly data: Uint8Array;
}

/** What of the picture a square reads, and a little around it; null when it lies outside. */
function partAround({ width, height }: Picture, { centreX, centreY, side, angle }: Square): PixelPart | null {
  const reach = (side / 2) * (Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle))) + 2;
  const [left, top] = [Math.max(0, Math.floor(centreX - reach)), Math.max(0, Math.floor(centreY - reach))];
  const [right, bottom] = [Math.min(width, Math.ceil(centreX + reach)), Math.min(height, Math.ceil(centreY + reach))];
  return right > left && bottom > top ? { left, top, width: right - left, height: bottom - top } : null;
}

/** The part's RGB, which stays until another part is read. */
function readPart(pixels: FramePixels, part: PixelPart): Part {
  const bytes = 3 * part.width * part.height;
  if (scratch.length < bytes) scratch = new Uint8Array(bytes);
  pixels.copy(part, scratch);
  return { ...part, data: scratch };
}

let scratch = new Uint8Array(0);
