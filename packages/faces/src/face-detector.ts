import type { Frame } from '@styleflow/media';
import type { Box, Landmarks } from './geometry.js';

/** One face found in one frame. */
export interface Detection {
  readonly box: Box;
  /** How sure the detector is, 0..1. */
  readonly score: number;
  readonly landmarks: Landmarks;
}

/**
 * Finds faces in single frames. Promises: best score first, no two detections of one face, finite numbers, boxes that may
 * reach beyond the frame. Leaves out: anything across frames (that is tracking) and a limit on the number of faces.
 * It blocks its thread while it computes.
 */
export interface FaceDetector {
  detect(frame: Frame): Promise<readonly Detection[]>;
  release(): Promise<void>;
}
