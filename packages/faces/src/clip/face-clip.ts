import type { Box } from '../geometry/geometry.js';

/** Frames in a clip. */
export const CLIP_FRAMES = 32;
/** Shortest track that makes a clip, mirrored to 32 frames. */
export const MIN_CLIP_FRAMES = 16;

/** A box that a result shows. */
export interface SampledBox {
  readonly frame: number;
  readonly seconds: number;
  readonly box: Box;
}

/** 32 aligned crops of one track, ready to be stored. */
export interface FaceClip {
  readonly kind: 'clip';
  readonly track: number;
  /** Counts the track's clips from 0. */
  readonly index: number;
  /** First and last frame covered, inclusive. */
  readonly frames: readonly [number, number];
  readonly seconds: readonly [number, number];
  /** Made of 16 to 31 frames, mirrored. */
  readonly padded: boolean;
  /** RGB, `[32, 256, 256, 3]`: its own memory, free to be transferred to another thread. */
  readonly crops: Uint8Array<ArrayBuffer>;
  /** The face's box in each covered frame (32, or 16 to 31 when padded); in frames without a detection interpolated. */
  readonly boxes: readonly Box[];
}

/** What is known of a track once it has ended. */
export interface FaceTrack {
  readonly kind: 'track';
  readonly track: number;
  /** First and last frame with the face, inclusive. */
  readonly frames: readonly [number, number];
  readonly seconds: readonly [number, number];
  readonly frameCount: number;
  /** Frames of it that are in no clip. */
  readonly framesUnused: number;
  readonly clips: number;
  /** Up to 64 boxes, evenly over the track. */
  readonly boxes: readonly SampledBox[];
  readonly firstDetectionScore: number;
  readonly meanDetectionScore: number;
  readonly screenTimeSeconds: number;
}
