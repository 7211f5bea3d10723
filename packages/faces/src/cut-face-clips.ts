import { CUTS_MAX } from '@styleflow/contracts';
import type { Frame } from '@styleflow/media';
import type { FaceClip, FaceTrack } from './clip/face-clip.js';
import { clearKeptCrops, keepCrop, planShrinking } from './clip/kept-crop.js';
import { TrackClips } from './clip/track-clips.js';
import type { FaceDetector } from './detection/face-detector.js';
import { cropBox, isEmptyCrop } from './geometry/crop-box.js';
import { type Box, boxSize } from './geometry/geometry.js';
import { KnownFaces } from './scene/known-faces.js';
import { type Track, Tracker, type TrackStep } from './track/track.js';
import { watchCalmly, watchEveryFrame } from './watch/watch-frames.js';

/** Faces with a box narrower than this, in pixels, are left out: a crop of 256 pixels would show only blur. */
const MIN_FACE_WIDTH = 11;

export interface CutFaceClipsOptions {
  /** Most faces of one frame that are followed, best score first. */
  readonly maxFaces: number;
  /**
   * Frames that are read ahead where nothing happens, so that not each must be looked at; the newest so many must stay valid.
   * 0 looks at each.
   */
  readonly stretch?: number;
  readonly stats?: CutStats;
  /** Told of each frame with the faces that are followed in it; the frame's pixels stay valid until it has answered. */
  readonly onFrame?: (frame: Frame, faces: readonly FollowedFace[]) => Promise<void>;
}

/** A face in one frame, while it is followed. */
export interface FollowedFace {
  /** The same object in every frame. Its number comes only once it is sure to be a face; its age counts frames. */
  readonly track: Readonly<Pick<Track, 'number' | 'age'>>;
  readonly box: Box;
  /** Whether it was found in this frame, not only expected there. */
  readonly isFound: boolean;
}

/** What the cutting did and cost, updated while it runs. */
export interface CutStats {
  frames: number;
  /** How often the detector looked at a frame. */
  looks: number;
  facesDetected: number;
  /** Seconds at which another scene begins, or the time stamps jump; the first `CUTS_MAX`. */
  cuts: number[];
  /** How many crops were warped: exactly one for each frame of each clip. */
  warps: number;
  detectSeconds: number;
  /** Time for tracking, copying crops, aligning and warping. */
  cutSeconds: number;
}

export function emptyCutStats(): CutStats {
  return { frames: 0, looks: 0, facesDetected: 0, cuts: [], warps: 0, detectSeconds: 0, cutSeconds: 0 };
}

/**
 * From frames to aligned clips: detect, track, keep each face's rectangle, and as soon as a track has 32 consecutive frames
 * align them and yield the clip. A track that ends (lost, scene cut, a gap in time, end of a sampling window, end of the video) is yielded
 * as a summary after its last clip. Memory: at most one clip's worth of rectangles for each followed face.
 * @param frames consecutive within a window; a frame is not touched any more once the next is asked for, or with `stretch` so many.
 * @throws whatever the frames or the detector throw.
 */
export async function* cutFaceClips(
  frames: AsyncIterable<Frame>,
  detector: FaceDetector,
  options: CutFaceClipsOptions,
): AsyncGenerator<FaceClip | FaceTrack, void> {
  const stats = options.stats ?? emptyCutStats();
  const known = new KnownFaces<Track>();
  const tracker = new Tracker(detector.trackScores);
  const clips = new Map<Track, TrackClips>();
  const onWarp = () => {
    stats.warps += 1;
  };
  const endTracks = (tracks: readonly Track[]) => {
    const started = performance.now();
    const left = tracks.flatMap((track) => clips.get(track)?.end() ?? []);
    for (const track of tracks) clips.delete(track);
    stats.cutSeconds += (performance.now() - started) / 1000;
    return left;
  };
  const stretch = options.stretch ?? 0;
  const timed = timing(detector, stats);
  const watched = stretch > 0 ? watchCalmly(frames, timed, stretch) : watchEveryFrame(frames, timed);
  try {
    for await (const { frame, isElsewhere, changedSince, detections: seen } of watched) {
      const detected = performance.now();
      if (isElsewhere) yield* endTracks(tracker.end());
      if (changedSince !== null || frame.isAfterGap === true) noteCut(stats, frame.seconds);
      // A picture that changes is no new scene for a face that goes on in it.
      const faces = tracker.living.map((track) => ({ key: track, box: track.lastBox }));
      const leaving = known.leaving(frame, faces, changedSince);
      if (leaving.length > 0) yield* endTracks(tracker.end(leaving));
      const found = seen.filter(({ box }) => boxSize(box).width >= MIN_FACE_WIDTH);
      const detections = found.slice(0, options.maxFaces);
      const { steps, ended } = tracker.update(frame.seconds, detections);
      known.remember(
        frame,
        steps.flatMap(({ track, detection }) => (detection ? [{ key: track, box: detection.box }] : [])),
      );
      keepFaces(frame, steps, clips, onWarp);
      const kept = performance.now();
      await options.onFrame?.(
        frame,
        steps.map(({ track, detection, box }) => ({ track, box, isFound: detection !== null })),
      );
      const told = performance.now() - kept;
      const done = steps.flatMap(({ track }) => clips.get(track)?.takeClip() ?? []);
      stats.frames += 1;
      stats.facesDetected += detections.length;
      stats.cutSeconds += (performance.now() - detected - told) / 1000;
      yield* done;
      yield* endTracks(ended);
    }
    yield* endTracks(tracker.end());
  } finally {
    detector.forget();
    clearKeptCrops();
  }
}

/** One dissolve is noticed more than once: within so many seconds it is the same cut. */
const SAME_CUT_SECONDS = 0.3;

function noteCut({ cuts }: CutStats, seconds: number): void {
  const last = cuts.at(-1) ?? Number.NEGATIVE_INFINITY;
  if (cuts.length < CUTS_MAX && seconds - last > SAME_CUT_SECONDS) cuts.push(seconds);
}

/**
 * Copies the rectangle of every followed face out of the frame: where the face was found, else where it is expected.
 */
function keepFaces(frame: Frame, steps: readonly TrackStep[], clips: Map<Track, TrackClips>, onWarp: () => void): void {
  const place = { index: frame.index, seconds: frame.seconds };
  const kept = steps
    .map((step) => ({ step, box: cropBox(step.box, frame.width, frame.height) }))
    .map(({ step, box }) => ({ step, box: isEmptyCrop(box) ? ([0, 0, 1, 1] as const) : box }));
  const shrink = planShrinking(kept.map(({ box }) => box));
  for (const [i, { step, box }] of kept.entries()) {
    const crop = keepCrop(frame, box, shrink[i] ?? 1);
    const trackClips = clips.get(step.track) ?? new TrackClips(step.track, onWarp);
    clips.set(step.track, trackClips);
    if (step.detection) trackClips.addFound(place, crop, step.detection);
    else trackClips.addMissed(place, crop);
  }
}

/** The same detector, its time counted. */
function timing(detector: FaceDetector, stats: CutStats): FaceDetector {
  const counted = async <Found>(look: () => Promise<Found>): Promise<Found> => {
    const started = performance.now();
    try {
      return await look();
    } finally {
      stats.detectSeconds += (performance.now() - started) / 1000;
      stats.looks += 1;
    }
  };
  return {
    trackScores: detector.trackScores,
    detect: (frame, changed) => counted(() => detector.detect(frame, changed)),
    follow: (frame) => counted(() => detector.follow(frame)),
    isSearchDue: (frame) => detector.isSearchDue(frame),
    checkpoint: () => detector.checkpoint(),
    forget: () => detector.forget(),
    release: () => detector.release(),
  };
}
