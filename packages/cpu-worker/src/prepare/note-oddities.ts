import type { Note } from '@styleflow/contracts';
import type { DecodeStats, MediaInfo, SamplingWindow } from '@styleflow/media';

/** Headers round, and their last frame's length is a guess: less than this is missing from no video. */
const MISSING_SECONDS = 0.5;
const MISSING_SHARE = 0.05;
/** A video that goes on for so much longer than its header says has an impossible duration there. */
const LONGER_BY = 1.5;

/** What was odd about a video, by its headers and by what was read of it. */
export function noteOddities(info: MediaInfo, windows: readonly SamplingWindow[], stats: DecodeStats): Note[] {
  const notes: Note[] = [];
  if (stats.damaged > 0) notes.push('frames_undecodable');
  const wanted = windows.reduce((total, { frames }) => total + frames, 0);
  const isWhole = windows.length === 1 && stats.frames < wanted;
  if (isWhole && endsEarly(info, stats)) notes.push('frames_missing');
  if (info.otherVideoStreams > 0) notes.push('streams_ignored');
  if (stats.timeGaps > 0) notes.push('time_gap');
  if (info.isRateImplausible || outlastsHeader(info, stats)) notes.push('rate_implausible');
  return notes;
}

function endsEarly({ durationSeconds, framesEstimated }: MediaInfo, { frames, lastSeconds }: DecodeStats): boolean {
  if (durationSeconds === null || framesEstimated === null) return false;
  const isShort = lastSeconds < durationSeconds * (1 - MISSING_SHARE) - MISSING_SECONDS;
  return isShort && frames < framesEstimated * (1 - MISSING_SHARE);
}

function outlastsHeader({ durationSeconds }: MediaInfo, { lastSeconds }: DecodeStats): boolean {
  return durationSeconds !== null && lastSeconds > durationSeconds * LONGER_BY + MISSING_SECONDS;
}
