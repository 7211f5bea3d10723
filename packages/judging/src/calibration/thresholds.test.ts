import { describe, expect, it } from 'vitest';
import { fewestNeeded, mostAllowed } from './binomial.js';
import { costThreshold, doubtThresholds, fprThreshold, youdenThreshold } from './thresholds.js';

const scores = (reals: readonly number[], fakes: readonly number[]) => [
  ...reals.map((score) => ({ score, isFake: false })),
  ...fakes.map((score) => ({ score, isFake: true })),
];
const evenly = (count: number, from: number, to: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

describe('a threshold from the run', () => {
  it('lies half-way between the classes where they do not overlap', () => {
    expect(youdenThreshold(scores([0.1, 0.3], [0.7, 0.9]))).toEqual({ threshold: 0.5, fpr: 0, tpr: 1 });
  });

  it('lies above every score when accusing costs too much, and says that it catches nothing', () => {
    const items = scores([0.1, 0.9], [0.2, 0.8]);
    const chosen = costThreshold(items, { falsePositive: 1000, falseNegative: 1, fakeShare: 0.01 });
    expect(chosen).toEqual({ threshold: 0.95, fpr: 0, tpr: 0 });
  });

  it('needs both classes', () => {
    expect(() => youdenThreshold(scores([0.1], []))).toThrow(/both classes/);
  });
});

describe('a bound on the false-positive rate', () => {
  it('needs 59 real videos for 5 % with a confidence of 95 %, and says so to ten', () => {
    expect(fewestNeeded(0.05, 0.95)).toBe(59);
    expect([mostAllowed(58, 0.05, 0.95), mostAllowed(59, 0.05, 0.95)]).toEqual([-1, 0]);
    const ten = scores(evenly(10, 0.1, 0.4), evenly(10, 0.5, 0.9));
    expect(() => fprThreshold(ten, { rate: 0.05, confidence: 0.95 })).toThrow(
      'a false-positive rate of at most 0.05 with confidence 0.95 needs at least 59 scored real videos; this run has 10',
    );
  });

  it('stands above ties, never among them', () => {
    const items = scores([...evenly(57, 0, 0.3), 0.6, 0.6, 0.6], [0.6, 0.7, 0.9]);
    const { threshold, fpr } = fprThreshold(items, { rate: 0.05, confidence: 0.95 });
    expect(threshold).toBeCloseTo(0.65);
    expect(fpr).toBe(0);
  });

  it('is impossible where real videos have the score 1', () => {
    expect(() => fprThreshold(scores(new Array(60).fill(1), [1]), { rate: 0.05, confidence: 0.95 })).toThrow(/score 1/);
  });

  it('leaves a doubt between two thresholds where the classes overlap, and none where they do not', () => {
    const bound = { rate: 0.1, confidence: 0.9 };
    const apart = doubtThresholds(scores(evenly(100, 0, 0.4), evenly(100, 0.6, 1)), { fpr: bound, fnr: bound });
    expect(apart.real).toBe(apart.fake);
    const mixed = doubtThresholds(scores(evenly(100, 0, 0.8), evenly(100, 0.2, 1)), { fpr: bound, fnr: bound });
    expect(mixed.real).toBeLessThan(mixed.fake);
  });
});
