import { describe, expect, it } from 'vitest';
import { CalibrationSchema, ThresholdsSchema } from './calibration.js';
import { outsideWords } from './outside-words.js';

describe('what a calibration may be', () => {
  it('takes points that rise and nothing else', () => {
    const isTaken = (points: unknown): boolean => CalibrationSchema.safeParse({ points }).success;
    expect(
      isTaken([
        [0, 0.2],
        [1, 0.2],
        [2, 0.9],
      ]),
    ).toBe(true);
    for (const wrong of [
      [],
      [
        [0, 0.5],
        [0, 0.6],
      ],
      [
        [0, 0.5],
        [1, 0.4],
      ],
      [[0, 1.5]],
    ])
      expect(isTaken(wrong)).toBe(false);
    expect(CalibrationSchema.safeParse({ a: 1, b: 0 }).success).toBe(true);
    expect(ThresholdsSchema.safeParse({ real: 0.6, fake: 0.5 }).success).toBe(false);
  });

  it('tells people which fact is outside and by how much', () => {
    expect(outsideWords({ fact: 'faceWidth', track: 1, value: 34, range: [58, 420] })).toBe(
      'face 2: width of the face in pixels is 34, 41.4 % below the covered 58 to 420',
    );
    expect(outsideWords({ fact: 'fps', value: null, range: [24, 30] })).toBe(
      'frames per second could not be measured; 24 to 30 is covered',
    );
    expect(outsideWords({ fact: 'maxFrames', value: 0, expected: 110 })).toBe(
      'the option maxFrames is 0, and 110 was calibrated on',
    );
  });
});
