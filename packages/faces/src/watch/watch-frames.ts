import type { Frame } from '@styleflow/media';
import type { Detection, FaceDetector } from '../detection/face-detector.js';
import { between, type CalmFace, calmFaces } from './calm-stretch.js';
import { ChangedPart } from './changed-part.js';
import { type PlacedFrame, placed, placer, StretchReader } from './stretch-reader.js';

/** In a shorter one, looks are not worth sparing. */
const MIN_STRETCH_FRAMES = 3;

/** A frame with what is known of it. */
export interface WatchedFrame extends PlacedFrame {
  readonly detections: readonly Detection[];
}

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
 * @param stretch at most so many frames are read ahead; the newest so many must stay valid.
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
