import { type Detection, TRACK_SCORES, type TrackScores } from '../detection/face-detector.js';
import { type Box, boxCentre, moveBox, type Point } from '../geometry/geometry.js';
import { associate } from './associate.js';

/** Longest time without a detection that a track survives: frames, and seconds beyond the first two frames. */
const MAX_GAP_FRAMES = 8;
const MAX_GAP_SECONDS = 0.4;
const GAP_FRAMES_AT_ANY_RATE = 2;
/** A track is judged when this old (or at its end): real faces were found in most of its frames, and clearly; false ones flicker. */
const TRIAL_FRAMES = 16;
const MIN_FOUND_SHARE = 0.6;
/** How much of the newest step goes into the velocity. */
const VELOCITY_GAIN = 0.5;

/** One face followed over consecutive frames. Its identity is the object; its number comes once it has passed its trial. */
export interface Track {
  /** By first appearance, from 0, given once and for good; null while on trial, and for ever when it fails. */
  number: number | null;
  readonly firstDetection: Detection;
  lastBox: Box;
  velocity: Point;
  /** Frames since its first, gaps included. */
  age: number;
  found: number;
  scoreSum: number;
  /** Frames since the last detection. */
  gap: number;
  lastFoundSeconds: number;
  hasEnded: boolean;
}

/** What one frame meant for one track: found, or missed and expected at `box`. */
export interface TrackStep {
  readonly track: Track;
  readonly detection: Detection | null;
  readonly box: Box;
}

export interface TrackUpdate {
  /** Every living track, in order of first appearance, those that begin here included. */
  readonly steps: readonly TrackStep[];
  /** Tracks that have ended, each told once. Those without a number never were one (a false detection). */
  readonly ended: readonly Track[];
}

/**
 * Joins the detections of consecutive frames into tracks: by overlap with a prediction of constant velocity, bridging short
 * gaps. State is the living tracks and the few that wait for their judgement.
 */
export class Tracker {
  #living: Track[] = [];
  /** In order of first appearance: each is judged after all before it, so that numbers follow that order. */
  #onTrial: Track[] = [];
  /** Ended, but still on trial behind an earlier one. */
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

  /** Ends all tracks: the next frame shows another scene, or there is none. */
  endAll(): readonly Track[] {
    for (const track of this.#living) track.hasEnded = true;
    return this.#judge(this.#living);
  }

  /** Judges whoever is due and keeps the living. @returns tracks that have ended and been judged. */
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
