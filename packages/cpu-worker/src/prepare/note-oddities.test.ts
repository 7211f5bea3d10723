import type { DecodeStats, MediaInfo } from '@styleflow/media';
import { describe, expect, it } from 'vitest';
import { noteOddities } from './note-oddities.js';

const INFO: MediaInfo = {
  ...{
    container: 'mov',
    skipBytes: 0,
    countsHeader: false,
    streamId: null,
    needsDeepAnalysis: false,
    codec: 'h264',
    pixelFormat: 'yuv420p',
  },
  ...{ streamIndex: 0, otherVideoStreams: 0, width: 640, height: 360, storedWidth: 640, storedHeight: 360 },
  ...{ rotation: 0, isMirrored: false, fps: 25, durationSeconds: 10, framesEstimated: 250, startSeconds: 0 },
  ...{ fileStartSeconds: 0, isRateImplausible: false, hasAudio: false, bytes: 1 },
};
const WHOLE: DecodeStats = { frames: 250, damaged: 0, timeGaps: 0, lastSeconds: 9.96, decodeSeconds: 1 };
const notesOf = (info: Partial<MediaInfo>, stats: Partial<DecodeStats>, frames = 500_000) =>
  noteOddities({ ...INFO, ...info }, [{ firstFrame: 0, frames, seek: null, entryPoints: [] }], { ...WHOLE, ...stats });

describe('noteOddities', () => {
  it('has nothing to say of an ordinary video, read whole or in part', () => {
    expect(notesOf({}, {})).toEqual([]);
    expect(notesOf({}, { frames: 110, lastSeconds: 4.36 }, 110)).toEqual([]);
    expect(notesOf({ framesEstimated: null, durationSeconds: null }, {})).toEqual([]);
  });

  it('notes each oddity by its name', () => {
    expect(notesOf({}, { damaged: 3 })).toEqual(['frames_undecodable']);
    expect(notesOf({}, { frames: 90, lastSeconds: 3.6 })).toEqual(['frames_missing']);
    expect(notesOf({ otherVideoStreams: 1 }, {})).toEqual(['streams_ignored']);
    expect(notesOf({}, { timeGaps: 1 })).toEqual(['time_gap']);
    expect(notesOf({ isRateImplausible: true }, {})).toEqual(['rate_implausible']);
    expect(notesOf({ durationSeconds: 0.001 }, {})).toEqual(['rate_implausible']);
  });

  it('does not miss frames that only an edit list or a rounded header counts', () => {
    expect(notesOf({ framesEstimated: 300 }, {})).toEqual([]);
    expect(notesOf({ durationSeconds: 10.4 }, { frames: 245 })).toEqual([]);
  });
});
