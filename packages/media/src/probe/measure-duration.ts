import { JobError } from '@styleflow/contracts';
import { type MediaFile, runFfprobe } from '../ffmpeg/ffmpeg-process.js';
import type { MediaLimits } from '../ffmpeg/media-limits.js';

/** Limit for reading all packets. Nothing is decoded, so an allowed file needs far less. */
const SCAN_CPU_SECONDS = 120;

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
  let unfinishedLine = '';
  const onStdout = (text: string): boolean => {
    const lines = (unfinishedLine + text).split('\n');
    unfinishedLine = lines.pop() ?? '';
    for (const line of lines) {
      const seconds = Number.parseFloat(line);
      if (!Number.isFinite(seconds)) continue;
      first ??= seconds;
      const step = Math.max(0, seconds - first - last); // Packets come in decoding order, so times may step back.
      last += step;
      counted += Math.min(step, LONGEST_STEP_SECONDS);
    }
    return counted <= limits.maxDurationSeconds;
  };
  const options = [
    '-v',
    'error',
    '-select_streams',
    String(streamIndex),
    '-show_entries',
    'packet=pts_time',
    '-of',
    'csv=p=0',
  ];
  await runFfprobe(file, options, { maxCpuSeconds: SCAN_CPU_SECONDS, signal, onStdout });
  if (counted > limits.maxDurationSeconds) {
    const message = `The video is longer than the ${limits.maxDurationSeconds} s that are allowed.`;
    throw new JobError('media_too_long', message, { details: { maxDurationSeconds: limits.maxDurationSeconds } });
  }
  return first === null ? null : last;
}
