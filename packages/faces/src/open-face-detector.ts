import { openSession } from '@styleflow/inference';
import type { Frame } from '@styleflow/media';
import { BlazeFace } from './blazeface.js';
import type { Detection, FaceDetector } from './face-detector.js';
import { FaceLandmarks } from './landmarks-68.js';

/** The two graphs of the bundled detector, as files. */
export interface FaceModelFiles {
  readonly blazeface: string;
  readonly landmarks68: string;
}

/** Weakest detection that is reported; what a track needs to begin is the tracker's business. */
const MIN_SCORE = 0.4;

/**
 * The bundled detector: BlazeFace for the boxes, the 68-point network for the alignment points. Runs on the CPU, where it
 * is faster than a copy to a card and back.
 * @throws JobError `internal` when a file cannot be loaded.
 */
export async function openFaceDetector(
  files: FaceModelFiles,
  options: { readonly threads: number },
): Promise<FaceDetector> {
  const settings = { providers: ['cpu'], threads: options.threads } as const;
  const boxes = new BlazeFace(await openSession(files.blazeface, settings), MIN_SCORE);
  const landmarks = new FaceLandmarks(await openSession(files.landmarks68, settings));
  return {
    async detect(frame: Frame): Promise<readonly Detection[]> {
      const faces = await boxes.detect(frame);
      const points = await landmarks.refine(frame, faces);
      return faces.flatMap(({ box, score }, i) => {
        const five = points[i];
        return five && isFinite2(box) && five.every(isFinite2) ? [{ box, score, landmarks: five }] : [];
      });
    },
    async release() {
      await boxes.release();
      await landmarks.release();
    },
  };
}

function isFinite2(numbers: readonly number[]): boolean {
  return numbers.every(Number.isFinite);
}
