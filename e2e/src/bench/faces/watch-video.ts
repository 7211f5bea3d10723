import {
  cutFaceClips,
  emptyCutStats,
  type FaceClip,
  type FaceDetector,
  type FaceTrack,
  stretchFor,
} from '@styleflow/faces';
import { DEFAULT_MEDIA_LIMITS, planWindows, probeVideo, readFrames } from '@styleflow/media';

const MAX_FACES = 10;

export interface Pass {
  readonly frames: number;
  readonly looks: number;
  readonly cpuMs: number;
  readonly clips: readonly FaceClip[];
  readonly tracks: readonly FaceTrack[];
}

/** One way of detection over a video's first frames; 0: over all. */
export async function watchVideo(
  path: string,
  detector: FaceDetector,
  maxFrames: number,
  mode: 'dense' | 'adaptive',
): Promise<Pass> {
  const limits = DEFAULT_MEDIA_LIMITS;
  const info = await probeVideo(path, limits);
  const windows = planWindows(info, 'head', maxFrames, limits.maxFrames);
  const stretch = mode === 'adaptive' ? stretchFor(info) : 0;
  const frames = readFrames(path, info, { windows, limits, threads: 1, held: Math.max(1, stretch) });
  const stats = emptyCutStats();
  const clips: FaceClip[] = [];
  const tracks: FaceTrack[] = [];
  const before = process.cpuUsage();
  for await (const found of cutFaceClips(frames, detector, { maxFaces: MAX_FACES, stretch, stats })) {
    if (found.kind === 'clip') clips.push(found);
    else tracks.push(found);
  }
  const { user, system } = process.cpuUsage(before);
  return { frames: stats.frames, looks: stats.looks, cpuMs: (user + system) / 1000, clips, tracks };
}

/** What must not differ: tracks, their first and last frames, and the frames of each clip. */
export function placesOf({ tracks, clips }: Pass): string {
  const ofTracks = tracks.map(({ track, frames, clips: count }) => `${track}: ${frames.join('–')}, ${count} clips`);
  const ofClips = clips.map(({ track, index, frames }) => `${track}.${index}: ${frames.join('–')}`);
  return [...ofTracks.sort(), ...ofClips.sort()].join('; ');
}

/** The clips that both have, with the crops of each. */
export function pairsOf(dense: Pass, adaptive: Pass): { place: string; dense: Uint8Array; adaptive: Uint8Array }[] {
  return dense.clips.flatMap(({ track, index, crops }) => {
    const other = adaptive.clips.find((clip) => clip.track === track && clip.index === index)?.crops;
    return other === undefined ? [] : [{ place: `${track}.${index}`, dense: crops, adaptive: other }];
  });
}
