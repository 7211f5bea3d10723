import { type FramePixels, greyOf, type PixelPart } from './frame-pixels.js';

/** Pixels that are kept as RGB, rows from the top: what the decoder converted since only it knows how. */
export class RgbPixels implements FramePixels {
  readonly #width: number;
  readonly #data: Uint8Array;

  /** @param data `3 · width · height` bytes. */
  constructor(width: number, data: Uint8Array) {
    this.#width = width;
    this.#data = data;
  }

  get bytes(): number {
    return this.#data.length;
  }

  crop(part: PixelPart, memory: (bytes: number) => Uint8Array): RgbPixels {
    const data = memory(3 * part.width * part.height);
    this.copy(part, data);
    return new RgbPixels(part.width, data);
  }

  copy({ left, top, width, height }: PixelPart, out: Uint8Array): void {
    const row = 3 * width;
    for (let y = 0; y < height; y++) {
      const from = ((top + y) * this.#width + left) * 3;
      out.set(this.#data.subarray(from, from + row), y * row);
    }
  }

  cross(columns: Int32Array, lines: Int32Array, out: Uint8Array): void {
    const data = this.#data;
    let to = 0;
    for (const line of lines) {
      for (let i = 0; i < columns.length; i++, to += 3) {
        const from = (line * this.#width + (columns[i] as number)) * 3;
        out[to] = data[from] as number;
        out[to + 1] = data[from + 1] as number;
        out[to + 2] = data[from + 2] as number;
      }
    }
  }

  greys(columns: Int32Array, lines: Int32Array, out: Uint8Array): void {
    const data = this.#data;
    let to = 0;
    for (const line of lines) {
      for (let i = 0; i < columns.length; i++, to++) {
        const from = (line * this.#width + (columns[i] as number)) * 3;
        out[to] = greyOf(data[from] as number, data[from + 1] as number, data[from + 2] as number);
      }
    }
  }
}
