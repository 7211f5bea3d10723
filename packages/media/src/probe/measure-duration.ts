import { JobError } from '@styleflow/contracts';
import type { MediaFile } from '../ffmpeg/ffmpeg-process.js';
import type { MediaLimits } from '../ffmpeg/media-limits.js';
import { readPackets } from './read-packets.js';

/** A longer gap between two pictures counts as this much: the limit is about the work to do, and a gap makes none. */
const LONGEST_STEP_SECONDS = 10;

/**
 * Measures the duration by the packets' own time stamps. It is for files whose header claims more than the limit, which
 * may be wrong. Nothing is decoded or kept, and reading stops at the first packet beyond the limit.
 * @returns seconds between the first and the last packet; null when no packet has a time stamp.
 * @throws {JobError} `media_too_long`, `canceled`.
 */
export async function measureDuration(
  file: MediaFile,
  streamIndex: number,
  limits: MediaLimits,
  signal: AbortSignal | undefined,
): Promise<number | null> {
  let first: number | null = null;
  let last = 0;
  let counted = 0;
  await readPackets(file, String(streamIndex), ['pts_time'], signal, ([text = '']) => {
    const seconds = Number.parseFloat(text);
    if (!Number.isFinite(seconds)) return true;
    first ??= seconds;
    const step = Math.max(0, seconds - first - last); // Packets come in decoding order, so times may step back.
    last += step;
    counted += Math.min(step, LONGEST_STEP_SECONDS);
    return counted <= limits.maxDurationSeconds;
  });
  if (counted > limits.maxDurationSeconds) {
    const message = `The video is longer than the ${limits.maxDurationSeconds} s that are allowed.`;
    throw new JobError('media_too_long', message, { details: { maxDurationSeconds: limits.maxDurationSeconds } });
  }
  return first === null ? null : last;
}
