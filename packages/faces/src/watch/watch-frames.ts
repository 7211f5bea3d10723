import type { Frame } from '@styleflow/media';
import type { Detection, FaceDetector } from '../detection/face-detector.js';
import { cellsOf, type PictureCells } from '../scene/picture-cells.js';
import { SceneCuts } from '../scene/scene-cut.js';
import { between, type CalmFace, calmFaces } from './calm-stretch.js';
import { ChangedPart } from './changed-part.js';

/** A stretch that is looked at by its ends and its middle has at most so many frames, and lasts at most so long. */
const MAX_STRETCH_FRAMES = 8;
const MAX_STRETCH_SECONDS = 0.3;
/** Most bytes of frames that are kept for it: 2160p gives four. */
const MAX_STRETCH_BYTES = 100_000_000;
/** In a shorter one, looks are not worth sparing. */
const MIN_STRETCH_FRAMES = 3;

/** A frame with what is known of it. */
export interface WatchedFrame {
  readonly frame: Frame;
  /** Whether it does not follow the frame before: another window, or a gap in time. */
  readonly isElsewhere: boolean;
  /** How many frames ago the picture was another one; null when it has not changed. */
  readonly changedSince: number | null;
  readonly cells: PictureCells;
  readonly detections: readonly Detection[];
}

/** How many frames of a video may be read ahead: as many as a stretch has, and as its memory allows. */
export function stretchFor({ width, height }: Pick<Frame, 'width' | 'height'>): number {
  return Math.max(1, Math.min(MAX_STRETCH_FRAMES, Math.floor(MAX_STRETCH_BYTES / (3 * width * height))));
}

type PlacedFrame = Omit<WatchedFrame, 'detections'>;

/** Every frame with its faces, each looked at. A frame's pixels are valid until the next one is asked for. */
export async function* watchEveryFrame(
  frames: AsyncIterable<Frame>,
  detector: FaceDetector,
): AsyncGenerator<WatchedFrame, void> {
  const place = placer();
  for await (const frame of frames) yield { ...place(frame), detections: await detector.detect(frame) };
}

/**
 * Every frame with its faces; where the same faces are surely seen and move straight on, most frames are not looked at. From a
 * frame that was looked at, it reads on to the next one at which the detector would search thoroughly. When the looks at that one and in the
 * middle show that nothing happens, the frames between get faces by interpolation; else the detector is set back, and
 * each of them is looked at as if nothing had been tried: what appears, leaves or turns is found in its own frame.
 * It depends on the frames alone.
 * @param stretch at most so many frames are read ahead; so many and one more must stay valid beside the newest one.
 */
export async function* watchCalmly(
  frames: AsyncIterable<Frame>,
  detector: FaceDetector,
  stretch: number,
): AsyncGenerator<WatchedFrame, void> {
  const place = placer();
  const source = placed(frames, place);
  const reader = new StretchReader(source, stretch);
  /** What has changed since the last thorough search; null when that is not known. */
  let searched: ChangedPart | null = null;
  const look = async (one: PlacedFrame): Promise<WatchedFrame> => {
    const isDue = detector.isSearchDue(one.frame);
    const detections = await detector.detect(one.frame);
    if (isDue) searched = new ChangedPart(one.cells);
    return { ...one, detections };
  };
  /** Looks at the middle and the end. @returns null, and the detector knows what it knew, when something happens between. */
  const lookSparsely = async (before: WatchedFrame, ahead: readonly PlacedFrame[]): Promise<WatchedFrame[] | null> => {
    const goBack = detector.checkpoint();
    const [middleAt, end] = [Math.floor(ahead.length / 2), ahead[ahead.length - 1] as PlacedFrame];
    const { startScore } = detector.trackScores;
    const middle = await detector.follow((ahead[middleAt - 1] as PlacedFrame).frame);
    // The cheap look comes first: what is not calm by it needs no search.
    const followed = middle && (await detector.follow(end.frame));
    if (middle && followed && calmFaces(before.detections, middle, followed, middleAt / ahead.length, startScore)) {
      const isDue = detector.isSearchDue(end.frame);
      const last = await detector.detect(end.frame, isDue ? searched?.take(end.frame, end.cells) : undefined);
      if (isDue) searched ??= new ChangedPart(end.cells);
      const faces = calmFaces(before.detections, middle, last, middleAt / ahead.length, startScore);
      if (faces) return fill(ahead, faces, middleAt, last);
      searched = null;
    }
    goBack();
    return null;
  };
  try {
    let before: WatchedFrame | null = null;
    let pace: Pace = 'whole';
    while (true) {
      const ahead: readonly PlacedFrame[] = before === null ? [] : await reader.read(before.frame, detector);
      if (before === null || ahead.length === 0) {
        const next = await reader.next();
        if (next === null) return;
        before = await look(next);
        yield before;
        continue;
      }
      const first = before;
      const isWhole = pace === 'whole' && ahead.length >= MIN_STRETCH_FRAMES;
      const whole: readonly WatchedFrame[] | null = isWhole ? await lookSparsely(before, ahead) : null;
      if (whole) {
        yield* whole;
        before = whole[whole.length - 1] as WatchedFrame;
        continue;
      }
      const half = Math.ceil(ahead.length / 2);
      const watched: WatchedFrame[] = [];
      let sparse = 0;
      for (const part of [ahead.slice(0, half), ahead.slice(half)]) {
        const isLong = pace !== 'each' && part.length >= MIN_STRETCH_FRAMES;
        const calm: readonly WatchedFrame[] | null = isLong ? await lookSparsely(before, part) : null;
        if (calm) sparse += 1;
        for (const one of calm ?? part) {
          before = 'detections' in one ? (one as WatchedFrame) : await look(one);
          watched.push(before);
          yield before;
        }
      }
      // Where something happens, more often does: what was in vain is tried again once it would not have been.
      if (ahead.length < MIN_STRETCH_FRAMES) continue;
      if (sparse === 2 || isCalm(first, watched, detector)) pace = 'whole';
      else pace = sparse === 0 && pace !== 'whole' ? 'each' : 'halves';
    }
  } finally {
    await source.return(undefined);
  }
}

/** How the next stretch is looked at: as a whole, by halves, or each frame of it. */
type Pace = 'whole' | 'halves' | 'each';

/** Reads stretches: frames that follow each other without a change of the picture. */
class StretchReader {
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

/** Each frame with its faces: of the looks at the middle and at the end, and between them by interpolation. */
function fill(
  ahead: readonly PlacedFrame[],
  faces: readonly CalmFace[],
  middleAt: number,
  last: readonly Detection[],
): WatchedFrame[] {
  return ahead.map((one, i) => {
    const nth = i + 1;
    if (nth === ahead.length) return { ...one, detections: last };
    const detections = faces.map((face) =>
      nth <= middleAt
        ? between(face.first, face.middle, nth / middleAt)
        : between(face.middle, face.last, (nth - middleAt) / (ahead.length - middleAt)),
    );
    return { ...one, detections: detections.sort((a, b) => b.score - a.score) };
  });
}

/** Whether a stretch, each frame of which was looked at, was calm. */
function isCalm(before: WatchedFrame, looked: readonly WatchedFrame[], detector: FaceDetector): boolean {
  const middleAt = Math.floor(looked.length / 2);
  const [middle, last] = [looked[middleAt - 1], looked[looked.length - 1]] as [WatchedFrame, WatchedFrame];
  const part = middleAt / looked.length;
  const { startScore } = detector.trackScores;
  const isSteady = looked.every(({ detections }) => detections.length === last.detections.length);
  return isSteady && calmFaces(before.detections, middle.detections, last.detections, part, startScore) !== null;
}

async function* placed(
  frames: AsyncIterable<Frame>,
  place: (frame: Frame) => PlacedFrame,
): AsyncGenerator<PlacedFrame, void> {
  for await (const frame of frames) yield place(frame);
}

/** Places each frame: does it follow the one before, and does it show another picture? */
function placer(): (frame: Frame) => PlacedFrame {
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
