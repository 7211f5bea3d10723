import type { Frame } from '@styleflow/media';
import type { Box, Landmarks } from '../geometry/geometry.js';

/** One face found in one frame. */
export interface Detection {
  readonly box: Box;
  /** How sure the detector is that this is a face, 0..1. */
  readonly score: number;
  readonly landmarks: Landmarks;
  /** True where nobody looked: between two looks, of which it is computed. */
  readonly isBetween?: true;
}

/**
 * Which scores begin and keep a track. Each detector has its own, since the same score means different things to them.
 */
export interface TrackScores {
  /** Lowest score of a detection that begins a track. A detection with a lower score can only continue one. */
  readonly startScore: number;
  /** Lowest mean score of a track's detections. A track below it is taken for something else than a face. */
  readonly meanScore: number;
}

/**
 * Of the bundled detector, counted over recordings (README "Detection"). RetinaFace has the same (README "RetinaFace").
 */
export const TRACK_SCORES: TrackScores = { startScore: 0.62, meanScore: 0.5 };

/**
 * Finds faces in single frames. Promises: best score first, no two detections of one face, finite numbers, boxes that may
 * reach beyond the frame. Leaves out: anything across frames (that is tracking) and a limit on the number of faces.
 * It blocks its thread while it computes.
 */
export interface FaceDetector {
  /** What its scores mean for tracks. */
  readonly trackScores: TrackScores;
  /**
   * @param changed where the picture has changed since the last frame at which a search was due: the search of this one may
   * keep to it. Null: nowhere.
   */
  detect(frame: Frame, changed?: Box | null): Promise<readonly Detection[]>;
  /**
   * A cheaper look at the faces of the last frame that was looked at, some frames later. @returns null unless it surely sees every
   * one of them.
   */
  follow(frame: Frame): Promise<readonly Detection[] | null>;
  /** Whether it would search this frame more thoroughly than those before, by its own timetable. */
  isSearchDue(frame: Frame): boolean;
  /** @returns what sets the detector back to what it knows now. */
  checkpoint(): () => void;
  /** The video has ended: lets go of its frames' memory. */
  forget(): void;
  release(): Promise<void>;
}
