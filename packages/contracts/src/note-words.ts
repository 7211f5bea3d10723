import type { Note } from './prepared.js';

/** What a note of a result means, for people. */
export function noteWords(note: Note): string {
  switch (note) {
    case 'frames_undecodable':
      return 'Some frames could not be decoded cleanly.';
    case 'frames_missing':
      return 'The video ends before its header says: frames are missing.';
    case 'streams_ignored':
      return 'The file has further video streams, which were not looked at.';
    case 'time_gap':
      return 'The time stamps jump by more than a second; faces are not followed across such a gap.';
    case 'rate_implausible':
      return 'The frame rate or the duration in the header is one that no camera makes.';
  }
}
