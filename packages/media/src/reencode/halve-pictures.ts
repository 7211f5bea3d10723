/** Pictures that lie one after the other, RGB, a byte a value. */
export interface PictureStack {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

/**
 * Half the size and back: the mean of each 2 × 2 pixels, then bilinear to the old size, pixel centres in place, as players and web sites
 * do it. In whole numbers, so it is the same on every machine.
 * @param pictures `[frames, height, width, 3]`; width and height are even.
 * @returns as many, in memory of their own.
 * @throws RangeError for another length or an odd side.
 */
export function halvePictures(pictures: Uint8Array, shape: PictureStack): Uint8Array<ArrayBuffer> {
  const { width, height, frames } = shape;
  const bytes = width * height * 3;
  if (width % 2 !== 0 || height % 2 !== 0) throw new RangeError(`${width} × ${height} cannot be halved`);
  if (pictures.length !== bytes * frames) throw new RangeError(`${bytes * frames} bytes, not ${pictures.length}`);
  const out = new Uint8Array(pictures.length);
  const half = new Uint8Array(bytes / 4);
  const wide = new Uint16Array(bytes / 2);
  for (let frame = 0; frame < frames; frame++) {
    const picture = pictures.subarray(frame * bytes, (frame + 1) * bytes);
    shrink(picture, half, width, height);
    widen(half, wide, width / 2, height / 2);
    heighten(wide, out.subarray(frame * bytes, (frame + 1) * bytes), width, height / 2);
  }
  return out;
}

/** Each value the rounded mean of four. */
function shrink(from: Uint8Array, to: Uint8Array, width: number, height: number): void {
  const row = width * 3;
  let at = 0;
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      for (let colour = 0; colour < 3; colour++) {
        const first = y * row + x * 3 + colour;
        const above = (from[first] as number) + (from[first + 3] as number);
        const below = (from[first + row] as number) + (from[first + row + 3] as number);
        to[at] = (above + below + 2) >> 2;
        at += 1;
      }
    }
  }
}

/** Twice as wide, four times the value: three parts of the nearer pixel, one of the farther; at the edge all of it. */
function widen(from: Uint8Array, to: Uint16Array, width: number, height: number): void {
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width * 2; x++) {
      const near = x >> 1;
      const far = clamp(x % 2 === 0 ? near - 1 : near + 1, width);
      for (let colour = 0; colour < 3; colour++) {
        const row = y * width;
        to[at] = 3 * (from[(row + near) * 3 + colour] as number) + (from[(row + far) * 3 + colour] as number);
        at += 1;
      }
    }
  }
}

/** Twice as high, and a sixteenth of the value. */
function heighten(from: Uint16Array, to: Uint8Array, width: number, height: number): void {
  const row = width * 3;
  for (let y = 0; y < height * 2; y++) {
    const near = (y >> 1) * row;
    const far = clamp(y % 2 === 0 ? (y >> 1) - 1 : (y >> 1) + 1, height) * row;
    for (let i = 0; i < row; i++) {
      to[y * row + i] = (3 * (from[near + i] as number) + (from[far + i] as number) + 8) >> 4;
    }
  }
}

function clamp(index: number, length: number): number {
  return Math.min(length - 1, Math.max(0, index));
}
