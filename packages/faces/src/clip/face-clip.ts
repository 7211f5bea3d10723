import type { Box, Landmarks } from '../geometry/geometry.js';

/** Frames in a clip. */
export const CLIP_FRAMES = 32;
/** A track with fewer frames makes no clip; one with fewer than `CLIP_FRAMES` is mirrored to that many. */
export const MIN_CLIP_FRAMES = 16;

/** One of a track's boxes that are chosen to be shown in the result. */
export interface SampledBox {
  readonly frame: number;
  readonly seconds: number;
  readonly box: Box;
}

/** What is known of the face in one frame of a clip. */
export interface ClipFrame {
  readonly frame: number;
  readonly seconds: number;
  /** In pixels of the displayed frame. */
  readonly box: Box;
  /** In pixels of the crop: 0 to 256, or beyond its edges. */
  readonly points: Landmarks;
  /** Whether box and points were found in this very frame; else they are interpolated between two in which they were. */
  readonly isMeasured: boolean;
}

/** How well the face could be seen in a clip. */
export interface ClipQuality {
  /** Median width of the face's box, in pixels of the displayed frame. */
  readonly faceWidth: number;
  /** Mean squared step of green from pixel to pixel in the middle of the middle crop: 0 for a flat picture. */
  readonly sharpness: number;
  /** Median distance of the nose from the middle of the eyes, along the line of the eyes, in distances of the eyes: 0 frontal. */
  readonly yaw: number;
  /** Median place of the nose between the middle of the eyes (0) and that of the mouth's corners (1). */
  readonly pitch: number;
}

/** 32 aligned crops of one track, ready to be stored. */
export interface FaceClip {
  readonly kind: 'clip';
  readonly track: number;
  /** The number of this clip among those of its track, from 0. */
  readonly index: number;
  /** First and last frame covered, inclusive. */
  readonly frames: readonly [number, number];
  readonly seconds: readonly [number, number];
  /** Whether it was made of only 16 to 31 frames, mirrored. */
  readonly padded: boolean;
  /** RGB, `[32, 256, 256, 3]`: its own memory, free to be transferred to another thread, until `giveCropsBack`. */
  readonly crops: Uint8Array<ArrayBuffer>;
  /**
   * The face's box in each covered frame: 32, or 16 to 31 when padded. Interpolated where the face was not detected.
   */
  readonly boxes: readonly Box[];
  /** The covered frames, one after the other: 32, or 16 to 31 when padded. */
  readonly covered: readonly ClipFrame[];
  readonly quality: ClipQuality;
}

/** What is known of a track once it has ended. */
export interface FaceTrack {
  readonly kind: 'track';
  readonly track: number;
  /** First and last frame with the face, inclusive. */
  readonly frames: readonly [number, number];
  readonly seconds: readonly [number, number];
  readonly frameCount: number;
  /** How many of its frames are in no clip. */
  readonly framesUnused: number;
  readonly clips: number;
  /** Up to 64 boxes, evenly over the track. */
  readonly boxes: readonly SampledBox[];
  readonly firstDetectionScore: number;
  readonly meanDetectionScore: number;
  readonly screenTimeSeconds: number;
}
