import type { Frame } from '@styleflow/media';
import type { FaceDetector } from '../detection/face-detector.js';
import { cellsOf, type PictureCells } from '../scene/picture-cells.js';
import { SceneCuts } from '../scene/scene-cut.js';

/** A stretch that is looked at by its ends and its middle has at most so many frames, and lasts at most so long. */
const MAX_STRETCH_FRAMES = 8;
const MAX_STRETCH_SECONDS = 0.3;
/** Most bytes of frames that are kept for it: 2160p gives four. */
const MAX_STRETCH_BYTES = 100_000_000;

/** A frame and how it follows the one before. */
export interface PlacedFrame {
  readonly frame: Frame;
  /** Whether it does not follow the frame before: another window, or a gap in time. */
  readonly isElsewhere: boolean;
  /** How many frames ago the picture was another one; null when it has not changed. */
  readonly changedSince: number | null;
  readonly cells: PictureCells;
}

/** How many frames of a video may be read ahead: as many as a stretch has, and as its memory allows. */
export function stretchFor({ width, height }: Pick<Frame, 'width' | 'height'>): number {
  return Math.max(1, Math.min(MAX_STRETCH_FRAMES, Math.floor(MAX_STRETCH_BYTES / (3 * width * height))));
}

/** Reads stretches: frames that follow each other without a change of the picture. */
export class StretchReader {
  readonly #source: AsyncIterator<PlacedFrame, void>;
  readonly #most: number;
  #next: PlacedFrame | null = null;

  constructor(source: AsyncIterator<PlacedFrame, void>, most: number) {
    this.#source = source;
    this.#most = most;
  }

  async next(): Promise<PlacedFrame | null> {
    const next = this.#next;
    this.#next = null;
    if (next !== null) return next;
    const step = await this.#source.next();
    return step.done ? null : step.value;
  }

  /** The frames after `from`, up to the first at which a search is due. Empty when the next one shows something else. */
  async read(from: Frame, detector: FaceDetector): Promise<PlacedFrame[]> {
    const read: PlacedFrame[] = [];
    while (read.length < this.#most) {
      const next = await this.next();
      if (next === null) break;
      if (next.isElsewhere || next.changedSince !== null) {
        this.#next = next;
        break;
      }
      read.push(next);
      if (detector.isSearchDue(next.frame) || next.frame.seconds - from.seconds >= MAX_STRETCH_SECONDS) break;
    }
    return read;
  }
}

/** All frames, placed. */
export async function* placed(
  frames: AsyncIterable<Frame>,
  place: (frame: Frame) => PlacedFrame,
): AsyncGenerator<PlacedFrame, void> {
  for await (const frame of frames) yield place(frame);
}

/** Places each frame: does it follow the one before, and does it show another picture? */
export function placer(): (frame: Frame) => PlacedFrame {
  const scenes = new SceneCuts();
  let window = 0;
  return (frame) => {
    const isElsewhere = frame.window !== window || frame.isAfterGap === true;
    window = frame.window;
    if (isElsewhere) scenes.reset();
    const cells = cellsOf(frame);
    return { frame, isElsewhere, cells, changedSince: scenes.changedSince(frame, cells) };
  };
}
