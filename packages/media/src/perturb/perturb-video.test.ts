import { expect, it } from 'vitest';
import { refuseToPerturb } from './perturb-video.js';

it('changed copies are those of x264, whose rates published tables have, or none', () => {
  expect(() => refuseToPerturb('libx264')).not.toThrow();
  expect(() => refuseToPerturb('libopenh264')).toThrow(
    'Changed copies need an ffmpeg with libx264 (apt-get install ffmpeg); this one has libopenh264 alone.',
  );
  expect(() => refuseToPerturb(null)).toThrow('this one has no encoder of H.264.');
});
