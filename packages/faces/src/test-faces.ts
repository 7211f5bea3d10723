import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  DEFAULT_MEDIA_LIMITS,
  type Frame,
  listPictures,
  planWindows,
  probeVideo,
  readFrames,
  type Sampling,
} from '@styleflow/media';
import type { FaceClip, FaceTrack } from './clip/face-clip.js';
import { cutFaceClips, emptyCutStats } from './cut-face-clips.js';
import { type Detection, type FaceDetector, TRACK_SCORES } from './detection/face-detector.js';
import type { Box, Landmarks, Point } from './geometry/geometry.js';
import { openFaceDetector } from './open-face-detector.js';
import { rgbFrame } from './test-frames.js';

const ASSETS = fileURLToPath(new URL('../../bundles/assets/faces/', import.meta.url));

/** The bundled detector with the files that the set-up makes. */
export function openBundledDetector(): Promise<FaceDetector> {
  const files = { fullRange: `${ASSETS}full-range.onnx`, faceMesh: `${ASSETS}face-mesh.onnx` };
  return openFaceDetector(files, { threads: 1 });
}

export async function* framesOf(
  path: string,
  maxFrames = 0,
  sampling: Sampling = 'head',
  held = 1,
): AsyncGenerator<Frame> {
  const limits = DEFAULT_MEDIA_LIMITS;
  const info = await probeVideo(path, limits);
  const pictures = sampling === 'spread' ? await listPictures(path, info) : null;
  const windows = planWindows(info, sampling, maxFrames, 100_000, pictures);
  yield* readFrames(path, info, { windows, limits, threads: 1, held });
}

export async function cutAll(frames: AsyncIterable<Frame>, detector: FaceDetector, maxFaces = 10, stretch = 0) {
  const clips: FaceClip[] = [];
  const tracks: FaceTrack[] = [];
  const stats = emptyCutStats();
  for await (const found of cutFaceClips(frames, detector, { maxFaces, stretch, stats })) {
    if (found.kind === 'clip') clips.push(found);
    else tracks.push(found);
  }
  return { clips, tracks, stats };
}

/** Five points laid out in a box as in an upright face. */
export function landmarksIn([x1, y1, x2, y2]: Box): Landmarks {
  const at = (x: number, y: number): Point => [x1 + (x2 - x1) * x, y1 + (y2 - y1) * y];
  return [at(0.3, 0.35), at(0.7, 0.35), at(0.5, 0.6), at(0.35, 0.8), at(0.65, 0.8)];
}

export function detectionAt(x: number, y: number, size = 40, score = 0.9): Detection {
  const box: Box = [x, y, x + size, y + size];
  return { box, score, landmarks: landmarksIn(box) };
}

/** A detector that finds in each frame what the list says for it, whatever the frame shows. */
export function scripted(detections: readonly (readonly Detection[])[], trackScores = TRACK_SCORES): FaceDetector {
  const detect = async ({ index }: Frame) => detections[index] ?? [];
  return {
    trackScores,
    detect,
    follow: detect,
    isSearchDue: () => false,
    checkpoint: () => () => {},
    forget: () => {},
    release: async () => {},
  };
}

export async function* stillFrames(
  count: number,
  width = 320,
  height = 180,
  windowOf = (_: number) => 0,
): AsyncGenerator<Frame> {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + (i >> 9)) & 255);
  for (let index = 0; index < count; index++)
    yield rgbFrame({ index, seconds: index / 25, window: windowOf(index), width, height }, data);
}

interface Alignment {
  readonly frameWidth: number;
  readonly frameHeight: number;
  readonly detections: readonly { readonly box: Box; readonly landmarks: Landmarks }[];
  readonly transform: readonly number[];
  readonly pictures: readonly {
    readonly frame: number;
    readonly box: readonly [number, number, number, number];
    readonly rgbDeflated: string;
    readonly alignedSha256: string;
  }[];
  readonly cropBoxes: readonly (readonly [number, number, Box, Box])[];
  readonly similarities: readonly {
    readonly points: readonly Landmarks[];
    readonly origin: Point;
    readonly transform: readonly number[];
  }[];
}

/**
 * Numbers of the reference implementation. Its boxes and points are float32, written with the digits that these need.
 */
export function readAlignmentFixture(): Alignment {
  const text = readFileSync(new URL('../fixtures/alignment.json', import.meta.url), 'utf8');
  const fixture: Alignment = JSON.parse(text);
  return fixture;
}

export function single([a, b, c, d, e]: Landmarks): Landmarks {
  const round = ([x, y]: Point): Point => [Math.fround(x), Math.fround(y)];
  return [round(a), round(b), round(c), round(d), round(e)];
}
