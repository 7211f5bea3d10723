import type { Detection } from '../detection/face-detector.js';
import { type Box, type Landmarks, mixBoxes, mixLandmarks } from '../geometry/geometry.js';
import type { Track } from '../track/track.js';
import { type AlignInput, alignClip, cropPoints } from './align-clip.js';
import { measureQuality } from './clip-quality.js';
import {
  CLIP_FRAMES,
  type ClipFrame,
  type FaceClip,
  type FaceTrack,
  MIN_CLIP_FRAMES,
  type SampledBox,
} from './face-clip.js';
import { dropCrop, type KeptCrop } from './kept-crop.js';

/**
 * Most boxes for the result. When there are more, every other one is dropped, and from then on half as many are taken.
 */
const MAX_SAMPLED_BOXES = 64;

/** A longer time between two frames counts as this much screen time: during a gap in the time stamps nobody is seen. */
const LONGEST_STEP_SECONDS = 10;

/** A frame's place in the video. */
export interface FramePlace {
  readonly index: number;
  readonly seconds: number;
}

interface TrackFrame extends AlignInput {
  readonly place: FramePlace;
  readonly box: Box;
  readonly isMeasured: boolean;
}

interface MissedFrame {
  readonly place: FramePlace;
  readonly crop: KeptCrop;
}

/** Gathers one track's frames into clips. It holds at most the crops of one clip and of one gap. */
export class TrackClips {
  readonly #track: Track;
  readonly #onWarp: () => void;
  /** Frames with a face that are in no clip yet. */
  #pending: TrackFrame[] = [];
  /** Frames since the last detection. They become part of the track only when the face is found again. */
  #missed: MissedFrame[] = [];
  #last: TrackFrame | null = null;
  #first: FramePlace | null = null;
  #frameCount = 0;
  #clips = 0;
  #framesInClips = 0;
  #screenTimeSeconds = 0;
  /** Time between the last two frames; the last frame is assumed to be shown for as long. */
  #stepSeconds = 0;
  #sampled: SampledBox[] = [];
  #sampleEvery = 1;

  /** @param onWarp called for each crop that is warped. */
  constructor(track: Track, onWarp: () => void) {
    this.#track = track;
    this.#onWarp = onWarp;
  }

  addMissed(place: FramePlace, crop: KeptCrop): void {
    this.#missed.push({ place, crop });
  }

  /**
   * Adds a frame in which the face was found. Boxes and points of a gap before it are interpolated between its two
   * ends.
   */
  addFound(place: FramePlace, crop: KeptCrop, detection: Detection): void {
    const before = this.#last;
    const steps = this.#missed.length + 1;
    for (const [i, missed] of this.#missed.entries()) {
      if (before === null) break;
      const part = (i + 1) / steps;
      const box = mixBoxes(before.box, detection.box, part);
      const landmarks = mixLandmarks(before.landmarks, detection.landmarks, part);
      this.#append({ ...missed, box, landmarks, isMeasured: false });
    }
    this.#missed = [];
    const { box, landmarks, isBetween } = detection;
    this.#append({ place, crop, box, landmarks, isMeasured: isBetween !== true });
  }

  /** The next clip of 32 frames; null when there is none yet, and while the track is on trial. */
  takeClip(): FaceClip | null {
    if (this.#track.number === null || this.#pending.length < CLIP_FRAMES) return null;
    return this.#cut(this.#pending.splice(0, CLIP_FRAMES), this.#track.number);
  }

  /** What is left when the track has ended: the remaining clips, or a short track's mirrored one, and its summary. */
  end(): (FaceClip | FaceTrack)[] {
    const left = this.#finish();
    for (const { crop } of [...this.#pending, ...this.#missed]) dropCrop(crop);
    this.#pending = [];
    this.#missed = [];
    return left;
  }

  #finish(): (FaceClip | FaceTrack)[] {
    const { number } = this.#track;
    const { first, last } = { first: this.#first, last: this.#last };
    if (number === null || first === null || last === null) return [];
    const left: (FaceClip | FaceTrack)[] = [];
    for (let clip = this.takeClip(); clip; clip = this.takeClip()) left.push(clip);
    if (this.#clips === 0 && this.#pending.length >= MIN_CLIP_FRAMES)
      left.push(this.#cut(this.#pending.splice(0), number));
    left.push({
      kind: 'track',
      track: number,
      frames: [first.index, last.place.index],
      seconds: [first.seconds, last.place.seconds],
      frameCount: this.#frameCount,
      framesUnused: this.#frameCount - this.#framesInClips,
      clips: this.#clips,
      boxes: this.#sampled,
      firstDetectionScore: this.#track.firstDetection.score,
      meanDetectionScore: this.#track.scoreSum / this.#track.found,
      screenTimeSeconds: this.#screenTimeSeconds + this.#stepSeconds,
    });
    return left;
  }

  #append(frame: TrackFrame): void {
    this.#first ??= frame.place;
    if (this.#last) {
      this.#stepSeconds = Math.min(frame.place.seconds - this.#last.place.seconds, LONGEST_STEP_SECONDS);
      this.#screenTimeSeconds += this.#stepSeconds;
    }
    this.#last = frame;
    if (this.#frameCount % this.#sampleEvery === 0) {
      this.#sampled.push({ frame: frame.place.index, seconds: frame.place.seconds, box: frame.box });
    }
    if (this.#sampled.length > MAX_SAMPLED_BOXES) {
      this.#sampled = this.#sampled.filter((_, i) => i % 2 === 0);
      this.#sampleEvery *= 2;
    }
    this.#frameCount += 1;
    this.#pending.push(frame);
  }

  #cut(frames: readonly TrackFrame[], track: number): FaceClip {
    const first = frames[0] as TrackFrame;
    const last = frames[frames.length - 1] as TrackFrame;
    this.#framesInClips += frames.length;
    const crops = alignClip(frames, this.#onWarp);
    for (const { crop } of frames) dropCrop(crop);
    return {
      kind: 'clip',
      track,
      index: this.#clips++,
      frames: [first.place.index, last.place.index],
      seconds: [first.place.seconds, last.place.seconds],
      padded: frames.length < CLIP_FRAMES,
      crops,
      boxes: frames.map(({ box }) => box),
      covered: coveredBy(frames),
      quality: measureQuality(frames, crops),
    };
  }
}

function coveredBy(frames: readonly TrackFrame[]): ClipFrame[] {
  const points = cropPoints(frames);
  return frames.map(({ place, box, isMeasured }, i) => ({
    ...{ frame: place.index, seconds: place.seconds, box, isMeasured },
    points: points[i] as Landmarks,
  }));
}
