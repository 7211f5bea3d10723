import type { Frame } from '@styleflow/media';
import type { Box } from '../geometry/geometry.js';
import { CELLS, type FaceLook, tapsAround } from './face-look.js';

/** The longer side of a picture as it is kept, at most: 83 kB each at 16:9. */
const MAX_SIDE = 384;
/** Frames that follow sooner are passed over: a second is 33 pictures at most, whatever the frame rate. */
const SHORTEST_STEP_SECONDS = 0.03;
/** A cell of a look is the mean of so many by so many pixels. */
const TAPS = 2;

interface SmallPicture {
  readonly frame: number;
  readonly seconds: number;
  /** Its size as a share of the frame's. */
  readonly scale: number;
  readonly width: number;
  readonly height: number;
  /** Brightness, a byte a pixel. */
  readonly data: Uint8Array;
}

/** The last frames, small and grey: a face is looked at in them where it is now known to have been. */
export class RecentPictures {
  readonly #kept: number;
  /** Newest first. */
  readonly #pictures: SmallPicture[] = [];

  constructor(kept: number) {
    this.#kept = kept;
  }

  /** @returns whether the frame was kept. */
  add(frame: Frame, number: number): boolean {
    const last = this.#pictures[0];
    if (last && frame.seconds >= last.seconds && frame.seconds - last.seconds < SHORTEST_STEP_SECONDS) return false;
    const oldest = this.#pictures.length >= this.#kept ? this.#pictures.pop() : undefined;
    this.#pictures.unshift(shrink(frame, number, oldest?.data));
    return true;
  }

  /** The number of the frame that was kept so many pictures ago. */
  frameAt(picturesAgo: number): number | null {
    return this.#pictures[picturesAgo]?.frame ?? null;
  }

  /**
   * A place in the picture of so many pictures ago.
   * @param box in pixels of the frame.
   * @param minWidth null is returned when the box has fewer pixels across in the small picture.
   */
  lookAt(picturesAgo: number, box: Box, around: number, minWidth: number): FaceLook | null {
    const picture = this.#pictures[picturesAgo];
    if (!picture || (box[2] - box[0]) * picture.scale < minWidth) return null;
    const [x1, y1, x2, y2] = box.map((value) => value * picture.scale) as [number, number, number, number];
    const { columns, lines } = tapsAround([x1, y1, x2, y2], around, picture, TAPS);
    const look = new Float32Array(CELLS * CELLS);
    for (let row = 0; row < lines.length; row++) {
      const [line, cells] = [(lines[row] as number) * picture.width, Math.floor(row / TAPS) * CELLS];
      for (let column = 0; column < columns.length; column++) {
        const cell = cells + Math.floor(column / TAPS);
        const brightness = picture.data[line + (columns[column] as number)] as number;
        look[cell] = (look[cell] as number) + brightness / (TAPS * TAPS);
      }
    }
    return look;
  }
}

/** Each pixel is one of the frame's; `lookAt` takes the mean of several. */
function shrink(frame: Frame, number: number, reused: Uint8Array | undefined): SmallPicture {
  const scale = Math.min(1, MAX_SIDE / Math.max(frame.width, frame.height));
  const [width, height] = [Math.max(1, Math.round(frame.width * scale)), Math.max(1, Math.round(frame.height * scale))];
  const pixels = reused?.length === width * height ? reused : new Uint8Array(width * height);
  const along = (size: number, side: number): Int32Array =>
    Int32Array.from({ length: size }, (_, i) => Math.min(side - 1, Math.floor((i + 0.5) / scale)));
  frame.pixels.greys(along(width, frame.width), along(height, frame.height), pixels);
  return { frame: number, seconds: frame.seconds, scale, width, height, data: pixels };
}
