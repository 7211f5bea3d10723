import type { Detection, FaceClip, FaceDetector, FaceTrack } from '@styleflow/faces';
import { type Frame, rgbOf } from '@styleflow/media';
import sharp from 'sharp';

/** Most whole frames that are kept for the sheet. */
const MAX_PICTURES = 24;
const PICTURE_WIDTH = 480;
/** Cut-outs of single detections: side, and frames until they are no longer kept. */
export const CUT_OUT_SIDE = 96;
const MAX_CUT_OUT_FRAMES = 2000;

/** A small picture, RGB. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A whole frame, made small, and what was found in it, in pixels of the original. */
export interface SeenFrame extends Picture {
  readonly index: number;
  readonly scale: number;
  readonly detections: readonly Detection[];
}

/** Records what was found while one video went through detection and tracking, so that people can judge it by eye. */
export class FaceRecord {
  frames = 0;
  framesWithFace = 0;
  detectSeconds = 0;
  readonly clips: FaceClip[] = [];
  readonly tracks: FaceTrack[] = [];
  readonly cutOuts = new Map<string, Picture>();
  #pictures: SeenFrame[] = [];
  #every = 1;

  get pictures(): readonly SeenFrame[] {
    return this.#pictures;
  }

  /** Wraps a detector, to record what it finds. */
  watch(detector: FaceDetector): FaceDetector {
    return {
      trackScores: detector.trackScores,
      detect: async (frame) => {
        const start = performance.now();
        const detections = await detector.detect(frame);
        this.detectSeconds += (performance.now() - start) / 1000;
        await this.#note(frame, detections);
        return detections;
      },
      follow: (frame) => detector.follow(frame),
      isSearchDue: (frame) => detector.isSearchDue(frame),
      checkpoint: () => detector.checkpoint(),
      forget: () => detector.forget(),
      release: () => detector.release(),
    };
  }

  async #note(frame: Frame, detections: readonly Detection[]): Promise<void> {
    if (this.frames % this.#every === 0) this.#pictures.push(await shrink(frame, detections));
    if (this.#pictures.length > MAX_PICTURES) {
      this.#pictures = this.#pictures.filter((_, i) => i % 2 === 0);
      this.#every *= 2;
    }
    this.frames += 1;
    if (detections.length > 0) this.framesWithFace += 1;
    if (this.frames > MAX_CUT_OUT_FRAMES) return;
    for (const { box } of detections) this.cutOuts.set(cutOutKey(frame.index, box), cutOut(frame, box));
  }
}

/** A name for the cut-out of one detection. */
export function cutOutKey(frame: number, box: readonly number[]): string {
  return `${frame} ${box.map((value) => value.toFixed(2)).join(' ')}`;
}

async function shrink(frame: Frame, detections: readonly Detection[]): Promise<SeenFrame> {
  const scale = PICTURE_WIDTH / frame.width;
  const height = Math.max(1, Math.round(frame.height * scale));
  const data = await sharp(rgbOf(frame), { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .resize(PICTURE_WIDTH, height, { fit: 'fill' })
    .raw()
    .toBuffer();
  return { width: PICTURE_WIDTH, height, data, index: frame.index, scale, detections };
}

/** Cuts out a square of one and a half times the box, by nearest pixels; black outside the frame. */
function cutOut({ width, height, pixels }: Frame, [x1, y1, x2, y2]: Detection['box']): Picture {
  const side = 1.5 * Math.max(x2 - x1, y2 - y1);
  const places = (first: number, limit: number): [place: number, at: number][] =>
    Array.from({ length: CUT_OUT_SIDE }, (_, i): [number, number] => [
      Math.floor(first + ((i + 0.5) * side) / CUT_OUT_SIDE),
      i,
    ]).filter(([place]) => place >= 0 && place < limit);
  const [columns, lines] = [places((x1 + x2 - side) / 2, width), places((y1 + y2 - side) / 2, height)];
  const seen = new Uint8Array(3 * columns.length * lines.length);
  const placesOf = (shown: readonly [number, number][]): Int32Array => Int32Array.from(shown, ([place]) => place);
  pixels.cross(placesOf(columns), placesOf(lines), seen);
  const out = new Uint8Array(CUT_OUT_SIDE * CUT_OUT_SIDE * 3);
  for (const [nth, [, row]] of lines.entries()) {
    const line = seen.subarray(3 * columns.length * nth, 3 * columns.length * (nth + 1));
    out.set(line, 3 * (row * CUT_OUT_SIDE + (columns[0]?.[1] ?? 0)));
  }
  return { width: CUT_OUT_SIDE, height: CUT_OUT_SIDE, data: out };
}
