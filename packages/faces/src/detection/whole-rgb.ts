import { type Frame, rgbOf } from '@styleflow/media';

/** The RGB of the frame that is looked at as a whole, perhaps more than once. */
export class WholeRgb {
  #pixels: Frame['pixels'] | null = null;
  #rgb = new Uint8Array(0);

  /** @returns what is overwritten when another frame's is asked for. */
  of(frame: Frame): Uint8Array {
    if (this.#pixels !== frame.pixels) this.#rgb = rgbOf(frame, this.#rgb);
    this.#pixels = frame.pixels;
    return this.#rgb;
  }

  /** Lets go of the frame, and so of all memory that its video's frames lie in, and of its RGB. */
  forget(): void {
    this.#pixels = null;
    this.#rgb = new Uint8Array(0);
  }
}
