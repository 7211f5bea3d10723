import type { PreparedTrack, Quality } from '@styleflow/contracts';
import type { FaceClip, FaceTrack } from '@styleflow/faces';
import { roundBox } from './round-box.js';

/** Gathers the account of a run's tracks while their clips are cut; what was cut of a track before it ended is kept here. */
export class TrackBook {
  readonly #clips = new Map<number, PreparedTrack['clips']>();
  readonly #qualities = new Map<number, FaceClip['quality'][]>();
  readonly #tracks: PreparedTrack[] = [];

  /** `sha256`: of the clip's pixels. */
  addClip({ track, index, frames, seconds, padded, quality }: FaceClip, sha256: string): void {
    const clips = this.#clips.get(track) ?? [];
    clips.push({ index, frames: [...frames], seconds: [...seconds], padded, sha256 });
    this.#clips.set(track, clips);
    const qualities = this.#qualities.get(track) ?? [];
    qualities.push(quality);
    this.#qualities.set(track, qualities);
  }

  endTrack(track: FaceTrack): void {
    const quality = qualityOf(this.#qualities.get(track.track) ?? []);
    this.#tracks.push({
      track: track.track,
      frames: [...track.frames],
      frameCount: track.frameCount,
      framesUnused: track.framesUnused,
      firstScore: Math.min(1, Math.max(0, track.firstDetectionScore)),
      boxes: track.boxes.map(({ frame, seconds, box }) => ({ frame, seconds, box: roundBox(box) })),
      ...(quality && { quality }),
      clips: this.#clips.get(track.track) ?? [],
    });
  }

  /** All tracks by their number, or only the one with most screen time (of equals the first seen). */
  list(faces: 'all' | 'primary'): PreparedTrack[] {
    const tracks = [...this.#tracks].sort((a, b) => a.track - b.track);
    if (faces === 'all') return tracks;
    return tracks.sort((a, b) => b.frameCount - a.frameCount || a.track - b.track).slice(0, 1);
  }
}

/** The median clip in each respect, to four digits: a fact to compare, not to compute with. */
function qualityOf(clips: readonly FaceClip['quality'][]): Quality | null {
  if (clips.length === 0) return null;
  const median = (of: (clip: FaceClip['quality']) => number): number => {
    const sorted = clips.map(of).sort((a, b) => a - b);
    return Number((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0).toPrecision(4));
  };
  return {
    faceWidth: median(({ faceWidth }) => faceWidth),
    sharpness: median(({ sharpness }) => sharpness),
    yaw: median(({ yaw }) => yaw),
    pitch: median(({ pitch }) => pitch),
  };
}
