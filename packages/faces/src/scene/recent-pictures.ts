import type { Frame } from '@styleflow/media';
import type { Box } from '../geometry/geometry.js';
import { type FaceLook, sampleLook } from './face-look.js';

/** Pictures are kept this wide at most: 130 kB each at 16:9. */
const MAX_WIDTH = 480;
/** Frames that follow sooner are passed over: a second is 33 pictures at most, whatever the frame rate. */
const SHORTEST_STEP_SECONDS = 0.03;

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
    return sampleLook(picture, [x1, y1, x2, y2], around, (pixel) => picture.data[pixel] as number);
  }
}

/** Each pixel is one of the frame's; `lookAt` takes the mean of several. */
function shrink(frame: Frame, number: number, reused: Uint8Array | undefined): SmallPicture {
  const scale = Math.min(1, MAX_WIDTH / frame.width);
  const [width, height] = [Math.round(frame.width * scale), Math.max(1, Math.round(frame.height * scale))];
  const data = reused?.length === width * height ? reused : new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const line = Math.min(frame.height - 1, Math.floor((y + 0.5) / scale)) * frame.width;
    for (let x = 0; x < width; x++) {
      const at = (line + Math.min(frame.width - 1, Math.floor((x + 0.5) / scale))) * 3;
      const [red = 0, green = 0, blue = 0] = [frame.data[at], frame.data[at + 1], frame.data[at + 2]];
      data[y * width + x] = 0.299 * red + 0.587 * green + 0.114 * blue;
    }
  }
  return { frame: number, seconds: frame.seconds, scale, width, height, data };
}
