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
 * Where the networks are further apart than this (sides of the box), one of them does not see a face: BlazeFace's score is
 * lowered. On the recordings tried, false faces were 0.2 to 0.3 apart at scores of 0.4 to 0.6, clear ones below 0.1.
 */
const DOUBTFUL_DISAGREEMENT = 0.2;
const DOUBT = 0.8;

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
      const detections = faces.flatMap(({ box, score }, i) => {
        const refined = points[i];
        if (refined === undefined || !areFinite(box) || !refined.landmarks.every(areFinite)) return [];
        const isDoubtful = refined.disagreement > DOUBTFUL_DISAGREEMENT;
        return [{ box, score: isDoubtful ? score * DOUBT : score, landmarks: refined.landmarks }];
      });
      return detections.sort((a, b) => b.score - a.score);
    },
    async release() {
      await boxes.release();
      await landmarks.release();
    },
  };
}

function areFinite(numbers: readonly number[]): boolean {
  return numbers.every(Number.isFinite);
}
