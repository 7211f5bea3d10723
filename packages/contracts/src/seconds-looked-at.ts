import type { JobOptions } from './job-options.js';
import type { VideoFacts } from './prepared.js';

/**
 * Until which second a job looked when it stopped before the video's end; null when it saw the whole duration (also
 * when its frames are spread over it), or when the file does not say how long it is. From the average frame rate:
 * tell people "about".
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

/** Less than this after the last frame is rounding of the header's duration. */
const LEAST_REST_S = 0.5;
