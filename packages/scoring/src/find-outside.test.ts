import type { BundleFacts } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.js';
import { findOutside, type JobConditions } from './find-outside.js';

const conditions = {
  options: { maxFrames: 110, sampling: 'head', faces: 'all', detection: 'adaptive' },
  preprocessing: 'digest',
  precision: 'fp32',
} as const;
const bundle: Pick<BundleFacts, 'calibratedOn' | 'ranges'> = {
  calibratedOn: { run: 'run_1', date: '2026-01-01', data: 'videos', conditions },
  ranges: { fps: [24, 30], faceWidth: [60, 400], newerFact: [0, 1] },
};
const job: JobConditions = {
  ...conditions,
  video: { fps: 25, durationSeconds: 4, bitsPerPixel: 0.1, faces: 1, clips: 3 },
  faces: [{ track: 0, quality: { faceWidth: 120, sharpness: 20, yaw: 0, pitch: 0.5 } }],
};

describe('outside of a calibration', () => {
  it('is nothing that lies within, nor anything for a bundle without a calibration', () => {
    expect(findOutside(bundle, job)).toEqual([]);
    expect(findOutside({}, { ...job, preprocessing: 'another' })).toEqual([]);
  });

  it('are other options, another way to cut clips and another precision, each named', () => {
    const other = { ...job, options: { ...conditions.options, maxFrames: 0 }, preprocessing: 'another' };
    expect(findOutside(bundle, other)).toEqual([
      { fact: 'maxFrames', value: 0, expected: 110 },
      { fact: 'preprocessing', value: 'another', expected: 'digest' },
    ]);
  });

  it('is a fact beyond its range, with whose it is and what is covered; what could not be measured, too', () => {
    const [face] = job.faces;
    const small = { track: 3, quality: { faceWidth: 40, sharpness: 20, yaw: 0, pitch: 0.5 } };
    const faces = face === undefined ? [] : [face, small];
    expect(findOutside(bundle, { ...job, video: { ...job.video, fps: null }, faces })).toEqual([
      { fact: 'fps', value: null, range: [24, 30] },
      { fact: 'faceWidth', track: 3, value: 40, range: [60, 400] },
    ]);
  });

  it('makes any score inconclusive, but of an untrained bundle it is the weights that are told', () => {
    const outside = findOutside(bundle, { ...job, preprocessing: 'another' });
    const trained = { trained: true, threshold: 0.5 };
    expect(decide({ score: 0.99, tracks: 1, bundle: trained, outside })).toMatchObject({
      ...{ label: 'inconclusive', reason: 'outside_calibration', outside },
    });
    expect(decide({ score: 0.99, tracks: 1, bundle: { ...trained, trained: false }, outside }).reason).toBe(
      'untrained_bundle',
    );
  });
});

it('with two thresholds says fake from one on, real below the other, and nothing between them', () => {
  const bundleOfTwo = { trained: true, threshold: 0.8, thresholds: { real: 0.3, fake: 0.8 } };
  const verdicts = [0.29, 0.3, 0.79, 0.8].map((score) => decide({ score, tracks: 1, bundle: bundleOfTwo }));
  expect(verdicts.map(({ label, reason }) => [label, reason])).toEqual([
    ['real', undefined],
    ['inconclusive', 'score_in_doubt'],
    ['inconclusive', 'score_in_doubt'],
    ['fake', undefined],
  ]);
  expect(verdicts[1]).toMatchObject({ threshold: 0.8, thresholds: { real: 0.3, fake: 0.8 } });
});
