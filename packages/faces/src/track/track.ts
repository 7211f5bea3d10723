import { type Detection, TRACK_SCORES, type TrackScores } from '../detection/face-detector.js';
import { type Box, boxCentre, moveBox, type Point } from '../geometry/geometry.js';
import { associate } from './associate.js';

/**
 * A track ends after more than `MAX_GAP_FRAMES` frames, or `MAX_GAP_SECONDS`, without a detection. The first two frames
 * may always be missed, however long they last: in a video with few frames a second they alone exceed the seconds.
 */
const MAX_GAP_FRAMES = 8;
const MAX_GAP_SECONDS = 0.4;
const GAP_FRAMES_AT_ANY_RATE = 2;
/**
 * A new track is on trial for so many frames, or until it ends. Then it must have been detected in this share of its
 * frames and with a high mean score: a face is seen in most frames, while other things are taken for one only now and
 * then.
 */
const TRIAL_FRAMES = 16;
const MIN_FOUND_SHARE = 0.6;
/** Share of the newest step in the velocity; the rest is the velocity before. */
const VELOCITY_GAIN = 0.5;

/**
 * One face followed over consecutive frames. Callers tell tracks apart by the object: a number comes only after the
 * trial.
 */
export interface Track {
  /**
   * From 0, in order of first appearance; it never changes. Null while the track is on trial, and when it has failed.
   */
  number: number | null;
  readonly firstDetection: Detection;
  lastBox: Box;
  velocity: Point;
  /** How many frames it spans, gaps included. */
  age: number;
  found: number;
  scoreSum: number;
  /** How many frames have passed since the last detection. */
  gap: number;
  lastFoundSeconds: number;
  hasEnded: boolean;
}

/** One track in one frame: where the face was found or, when `detection` is null, where it is expected. */
export interface TrackStep {
  readonly track: Track;
  readonly detection: Detection | null;
  readonly box: Box;
}

export interface TrackUpdate {
  /** Every track that has not ended, in order of first appearance, with those that begin in this frame. */
  readonly steps: readonly TrackStep[];
  /** Tracks that have ended; each is told once. Those without a number have failed their trial: they were no face. */
  readonly ended: readonly Track[];
}

/**
 * Joins the detections of consecutive frames into tracks. Each track predicts where its face goes, at constant
 * velocity, and takes the detection that fits best; short gaps are bridged. It keeps the living tracks, and those whose
 * trial is not over.
 */
export class Tracker {
  #living: Track[] = [];
  /** In order of first appearance, in which they are judged, so that their numbers follow this order. */
  #onTrial: Track[] = [];
  /** Tracks that have ended, and wait for their judgement because one that began earlier is still on trial. */
  #endedOnTrial: Track[] = [];
  #nextNumber = 0;
  readonly #scores: TrackScores;

  constructor(scores: TrackScores = TRACK_SCORES) {
    this.#scores = scores;
  }

  update(seconds: number, detections: readonly Detection[]): TrackUpdate {
    const expected = this.#living.map((track) => ({
      last: track.lastBox,
      predicted: predict(track),
      secondsAgo: seconds - track.lastFoundSeconds,
    }));
    const matches = associate(expected, detections);
    const steps: TrackStep[] = [];
    for (const [i, track] of this.#living.entries()) {
      const detection = detections[matches[i] ?? -1] ?? null;
      track.age += 1;
      if (detection) follow(track, detection, seconds);
      else track.gap += 1;
      track.hasEnded = isLost(track, seconds);
      steps.push({ track, detection, box: detection?.box ?? (expected[i] as { predicted: Box }).predicted });
    }
    const matched = new Set(matches);
    for (const [d, detection] of detections.entries()) {
      if (matched.has(d) || detection.score < this.#scores.startScore) continue;
      const track = begin(detection, seconds);
      this.#onTrial.push(track);
      steps.push({ track, detection, box: detection.box });
    }
    const ended = this.#judge(steps.map(({ track }) => track));
    return { steps: steps.filter(({ track }) => !track.hasEnded), ended };
  }

  /** The tracks that have not ended. */
  get living(): readonly Track[] {
    return this.#living;
  }

  /** Ends tracks (all if none are named): the next frame shows another scene, or there is none. */
  end(tracks: readonly Track[] = this.#living): readonly Track[] {
    for (const track of tracks) track.hasEnded = true;
    return this.#judge(this.#living);
  }

  /**
   * Judges the tracks whose trial is over, and keeps the living ones. @returns tracks that have ended and are judged.
   */
  #judge(tracks: readonly Track[]): Track[] {
    for (
      let track = this.#onTrial[0];
      track && (track.hasEnded || track.age >= TRIAL_FRAMES);
      track = this.#onTrial[0]
    ) {
      this.#onTrial.shift();
      if (isFace(track, this.#scores.meanScore)) track.number = this.#nextNumber++;
      else track.hasEnded = true;
    }
    this.#living = tracks.filter((track) => !track.hasEnded);
    const ended = [...this.#endedOnTrial, ...tracks.filter((track) => track.hasEnded)];
    this.#endedOnTrial = ended.filter((track) => this.#onTrial.includes(track));
    return ended.filter((track) => !this.#onTrial.includes(track));
  }
}

function begin(detection: Detection, seconds: number): Track {
  return {
    number: null,
    firstDetection: detection,
    lastBox: detection.box,
    velocity: [0, 0],
    age: 1,
    found: 1,
    scoreSum: detection.score,
    gap: 0,
    lastFoundSeconds: seconds,
    hasEnded: false,
  };
}

function isFace({ found, age, scoreSum }: Track, meanScore: number): boolean {
  return found >= MIN_FOUND_SHARE * Math.min(age, TRIAL_FRAMES) && scoreSum >= meanScore * found;
}

function predict(track: Track): Box {
  const steps = track.gap + 1;
  return moveBox(track.lastBox, [track.velocity[0] * steps, track.velocity[1] * steps]);
}

function follow(track: Track, detection: Detection, seconds: number): void {
  const [x, y] = boxCentre(detection.box);
  const [lastX, lastY] = boxCentre(track.lastBox);
  const steps = track.gap + 1;
  const blend = (old: number, step: number) => old + VELOCITY_GAIN * (step - old);
  track.velocity = [blend(track.velocity[0], (x - lastX) / steps), blend(track.velocity[1], (y - lastY) / steps)];
  track.lastBox = detection.box;
  track.found += 1;
  track.scoreSum += detection.score;
  track.gap = 0;
  track.lastFoundSeconds = seconds;
}

function isLost(track: Track, seconds: number): boolean {
  if (track.gap <= GAP_FRAMES_AT_ANY_RATE) return false;
  return track.gap > MAX_GAP_FRAMES || seconds - track.lastFoundSeconds > MAX_GAP_SECONDS;
}
