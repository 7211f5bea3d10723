import type { JobOptions } from './job-options.js';
import type { VideoFacts } from './prepared.js';

/**
 * Up to which second a job looked at the video, when it stopped before the end. It is computed from the average frame
 * rate, so tell people "about".
 * @returns null when the job saw the whole duration (frames spread over it count as that), or when the duration is
 * unknown.
 */
export function secondsLookedAt(
  { framesUsed, fps, durationSeconds }: Pick<VideoFacts, 'framesUsed' | 'fps' | 'durationSeconds'>,
  { maxFrames, sampling }: Pick<JobOptions, 'maxFrames' | 'sampling'>,
): number | null {
  if (maxFrames === 0 || sampling === 'spread' || framesUsed < maxFrames) return null;
  if (fps === null || fps <= 0 || durationSeconds === null) return null;
  const seconds = framesUsed / fps;
  return durationSeconds - seconds > LEAST_REST_S ? seconds : null;
}

/** A rest shorter than this is no rest: durations in headers are rounded. */
const LEAST_REST_S = 0.5;
