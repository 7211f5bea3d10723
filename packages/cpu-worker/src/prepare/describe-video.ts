import type { VideoFacts } from '@styleflow/contracts';
import type { DecodeStats, MediaInfo, SamplingWindow } from '@styleflow/media';
import type { FetchedSource } from '@styleflow/sources';

/** Frames that will be read, by what the headers promise; null when they promise nothing. */
export function countFrames(info: MediaInfo, windows: readonly SamplingWindow[]): number | null {
  if (info.framesEstimated === null) return null;
  const wanted = windows.reduce((total, { frames }) => total + frames, 0);
  return Math.min(info.framesEstimated, wanted);
}

/** The facts of the video that its result tells. */
export function describeVideo(source: FetchedSource, info: MediaInfo, stats: DecodeStats): VideoFacts {
  const { container, codec, width, height, rotation, isMirrored, fps, durationSeconds, hasAudio } = info;
  return {
    sha256: source.sha256,
    bytes: source.bytes,
    container,
    codec,
    width,
    height,
    rotation,
    ...(isMirrored && { mirrored: true }),
    fps,
    durationSeconds,
    hasAudio,
    framesUsed: stats.frames,
    framesDamaged: stats.damaged,
  };
}
