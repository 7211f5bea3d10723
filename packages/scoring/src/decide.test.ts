import { describe, expect, it } from 'vitest';
import { decide } from './decide.js';

const trained = { trained: true, threshold: 0.2 };

describe('decide', () => {
  it('says fake from the threshold on and real below it', () => {
    expect(decide({ score: 0.2, tracks: 1, bundle: trained })).toEqual({ label: 'fake', score: 0.2, threshold: 0.2 });
    expect(decide({ score: 0.1999999, tracks: 1, bundle: trained }).label).toBe('real');
  });

  it('is inconclusive without a face, and says when a face was there but too short', () => {
    expect(decide({ score: null, tracks: 0, bundle: trained })).toEqual({
      label: 'inconclusive',
      reason: 'no_face',
      score: null,
      threshold: 0.2,
    });
    expect(decide({ score: null, tracks: 2, bundle: trained }).reason).toBe('face_too_short');
  });

  it('never decides upon an untrained bundle, but shows its score', () => {
    for (const score of [0, 0.2, 1]) {
      expect(decide({ score, tracks: 1, bundle: { trained: false, threshold: 0.2 } })).toEqual({
        label: 'inconclusive',
        reason: 'untrained_bundle',
        score,
        threshold: 0.2,
      });
    }
    expect(decide({ score: null, tracks: 0, bundle: { trained: false, threshold: 0.2 } }).reason).toBe('no_face');
  });
});
