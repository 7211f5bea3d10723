/** A rectangle of whole pixels inside a picture. */
export interface PixelPart {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The pixels of a frame, as RGB of 8 bits each for whoever asks. They are kept as the decoder gave them, so what nobody asks for is never
 * converted. However a picture is kept, its RGB is the same.
 */
export interface FramePixels {
  /** As many bytes as the picture takes. */
  readonly bytes: number;
  /**
   * A part as pixels of its own, which count from its corner.
   * @param memory gives so many bytes, in which they stay.
   */
  crop(part: PixelPart, memory: (bytes: number) => Uint8Array): FramePixels;
  /**
   * Writes a part, rows from the top.
   * @param out `3 · width · height` bytes of the part, written in full.
   */
  copy(part: PixelPart, out: Uint8Array): void;
  /**
   * Writes the pixels in which lines and columns cross, line by line.
   * @param out `3 · columns · lines` bytes, written in full.
   */
  cross(columns: Int32Array, lines: Int32Array, out: Uint8Array): void;
  /**
   * The same pixels' brightness: 77, 150 and 29 of 256 parts of red, green and blue, rounded down.
   * @param out a byte for each, written in full.
   */
  greys(columns: Int32Array, lines: Int32Array, out: Uint8Array): void;
}

/** Brightness of a colour, in whole numbers. */
export function greyOf(red: number, green: number, blue: number): number {
  return (GREY[0] * red + GREY[1] * green + GREY[2] * blue) >> 8;
}

/** 0.299, 0.587 and 0.114 in 256ths. */
export const GREY = [77, 150, 29] as const;

/**
 * The RGB of a whole picture.
 * @param memory is used when it is of just that size; else it is memory of its own.
 */
export function rgbOf(
  { width, height, pixels }: PicturePixels,
  memory: Uint8Array<ArrayBuffer> = new Uint8Array(0),
): Uint8Array<ArrayBuffer> {
  const bytes = 3 * width * height;
  const out = memory.length === bytes ? memory : new Uint8Array(bytes);
  pixels.copy({ left: 0, top: 0, width, height }, out);
  return out;
}

export interface PicturePixels {
  readonly width: number;
  readonly height: number;
  readonly pixels: FramePixels;
}
