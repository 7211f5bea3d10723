import { describe, expect, it } from 'vitest';
import { jobScore, trackScore } from './aggregate.js';
import { sigmoid } from './calibrate.js';

const plain = { a: 1, b: 0 };

describe('trackScore', () => {
  it('averages logits, not scores', () => {
    expect(trackScore([4, -2, 1], plain)).toBe(sigmoid(1));
    expect(trackScore([4, -2], { a: 0.5, b: 1 })).toBe(sigmoid(1.5));
  });

  it('leaves out clips without a score and is null when none has one', () => {
    expect(trackScore([null, 3, null], plain)).toBe(sigmoid(3));
    expect(trackScore([null, null], plain)).toBeNull();
    expect(trackScore([], plain)).toBeNull();
  });
});

describe('jobScore', () => {
  it('is the highest track score, whatever the order', () => {
    expect(jobScore([0.1, 0.7, 0.3])).toBe(0.7);
    expect(jobScore([null, 0.2, null])).toBe(0.2);
    expect(jobScore([0])).toBe(0);
  });

  it('is null without a scored track', () => {
    expect(jobScore([])).toBeNull();
    expect(jobScore([null])).toBeNull();
  });
});
