import { type FramePixels, greyOf, type PixelPart } from './frame-pixels.js';
import type { YuvColours } from './yuv-colours.js';
import { conversionOf, type YuvConversion } from './yuv-conversion.js';
import { colourRows, evenPart, type YuvPlanes, yuvBytes } from './yuv-planes.js';
import { cropPlanes, cropRows, crossRows, fitsKernel, stripsToRgb } from './yuv-strips.js';

/** Which column and line of the planes count as the first: 0 or 1, as a part may begin between two pixels of one U and V. */
export type FirstPixel = readonly [column: 0 | 1, line: 0 | 1];

/**
 * Pixels as most decoders give them: YUV 4:2:0 of 8 bits, which is half of RGB's bytes. Their RGB equals, bit for bit, what
 * ffmpeg's scaler makes of a picture of an even number of rows and the same size on x86, in which it does not smooth colours either.
 */
export class YuvPixels implements FramePixels {
  readonly #planes: YuvPlanes;
  readonly #first: FirstPixel;
  readonly #colours: YuvColours;
  readonly #conversion: YuvConversion;

  constructor(planes: YuvPlanes, colours: YuvColours, first: FirstPixel = [0, 0]) {
    this.#planes = planes;
    this.#first = first;
    this.#colours = colours;
    this.#conversion = conversionOf(colours);
  }

  get bytes(): number {
    return yuvBytes(this.#planes.width, this.#planes.height);
  }

  crop(part: PixelPart, memory: (bytes: number) => Uint8Array): YuvPixels {
    const placed = this.#inPlanes(part);
    const even = evenPart(placed);
    const { width, height } = even;
    const data = memory(yuvBytes(width, height));
    const { kernel } = this.#conversion;
    if (kernel && fitsKernel(this.#planes)) cropPlanes(this.#planes, even, kernel, data);
    else cropRows(this.#planes, even, data);
    const first: FirstPixel = [placed.left === even.left ? 0 : 1, placed.top === even.top ? 0 : 1];
    return new YuvPixels({ width, height, data }, this.#colours, first);
  }

  copy(part: PixelPart, out: Uint8Array): void {
    const { kernel } = this.#conversion;
    if (kernel && fitsKernel(this.#planes)) stripsToRgb(this.#planes, this.#inPlanes(part), kernel, out);
    else this.cross(numbersFrom(part.left, part.width), numbersFrom(part.top, part.height), out);
  }

  cross(columns: Int32Array, lines: Int32Array, out: Uint8Array): void {
    if (this.#crossByKernel(columns, lines, 'rgb', out)) return;
    const { ofY, redOfV, blueOfU, greenOfU, greenOfV, clip } = this.#conversion;
    const { data, width } = this.#planes;
    const [firstColumn, firstLine] = this.#first;
    for (let row = 0, to = 0; row < lines.length; row++) {
      const line = (lines[row] as number) + firstLine;
      const bright = line * width + firstColumn;
      const [u, v] = colourRows(this.#planes, line);
      for (let i = 0; i < columns.length; i++, to += 3) {
        const column = columns[i] as number;
        const colour = (column + firstColumn) >> 1;
        const y = ofY[data[bright + column] as number] as number;
        const ofU = data[u + colour] as number;
        const ofV = data[v + colour] as number;
        out[to] = clip[y + (redOfV[ofV] as number)] as number;
        out[to + 1] = clip[y + (greenOfU[ofU] as number) + (greenOfV[ofV] as number)] as number;
        out[to + 2] = clip[y + (blueOfU[ofU] as number)] as number;
      }
    }
  }

  greys(columns: Int32Array, lines: Int32Array, out: Uint8Array): void {
    if (this.#crossByKernel(columns, lines, 'grey', out)) return;
    const rgb = new Uint8Array(3 * columns.length * lines.length);
    this.cross(columns, lines, rgb);
    for (let to = 0; 3 * to < rgb.length; to++)
      out[to] = greyOf(rgb[3 * to] as number, rgb[3 * to + 1] as number, rgb[3 * to + 2] as number);
  }

  /** @returns false where the kernel cannot, or the picture begins between two columns or lines. */
  #crossByKernel(columns: Int32Array, lines: Int32Array, form: 'rgb' | 'grey', out: Uint8Array): boolean {
    const { kernel } = this.#conversion;
    const [firstColumn, firstLine] = this.#first;
    if (kernel === null || firstColumn + firstLine > 0 || !fitsKernel(this.#planes)) return false;
    return crossRows(this.#planes, columns, lines, kernel, form, out);
  }

  #inPlanes(part: PixelPart): PixelPart {
    return { ...part, left: part.left + this.#first[0], top: part.top + this.#first[1] };
  }
}

function numbersFrom(first: number, count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => first + i);
}
