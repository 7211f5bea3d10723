import type { Frame } from '@styleflow/media';
import type { Box, Landmarks } from '../geometry/geometry.js';

/** One face found in one frame. */
export interface Detection {
  readonly box: Box;
  /** How sure the detector is, 0..1. */
  readonly score: number;
  readonly landmarks: Landmarks;
}

/** What a detector's scores mean for tracks; each detector has a scale of its own. */
export interface TrackScores {
  /** A detection must be this sure to begin a track; surer than to continue one. */
  readonly startScore: number;
  /** A track whose detections are less sure than this in the mean was no face. */
  readonly meanScore: number;
}

/** For the bundled detector, counted over recordings (see the README); RetinaFace has the same. */
export const TRACK_SCORES: TrackScores = { startScore: 0.62, meanScore: 0.5 };

/**
 * Finds faces in single frames. Promises: best score first, no two detections of one face, finite numbers, boxes that may
 * reach beyond the frame. Leaves out: anything across frames (that is tracking) and a limit on the number of faces.
 * It blocks its thread while it computes.
 */
export interface FaceDetector {
  /** What its scores mean for tracks. */
  readonly trackScores: TrackScores;
  detect(frame: Frame): Promise<readonly Detection[]>;
  release(): Promise<void>;
}
