import { describe, expect, it } from 'vitest';
import { aucOf, type Labelled } from './auc.js';

const fakes = (...scores: number[]): Labelled[] => scores.map((score) => ({ score, isFake: true }));
const reals = (...scores: number[]): Labelled[] => scores.map((score) => ({ score, isFake: false }));

describe('the AUC of a batch', () => {
  it('is the share of pairs in which the fake one scores higher, equal scores counted half', () => {
    const labelled = [...fakes(0.9, 0.4, 0.4), ...reals(0.4, 0.1)];
    const pairs = labelled
      .filter(({ isFake }) => isFake)
      .flatMap((fake) => labelled.filter(({ isFake }) => !isFake).map((real) => Math.sign(fake.score - real.score)));
    const share = pairs.reduce((sum, sign) => sum + (sign + 1) / 2, 0) / pairs.length;
    expect(aucOf(labelled)).toEqual({ value: share, fakes: 3, reals: 2 });
  });

  it('is 1 when all fakes are above, 0 when all are below, a half when all scores are equal', () => {
    expect(aucOf([...reals(0.1, 0.2), ...fakes(0.3)])?.value).toBe(1);
    expect(aucOf([...fakes(0.1, 0.2), ...reals(0.3)])?.value).toBe(0);
    expect(aucOf([...fakes(0.5, 0.5), ...reals(0.5)])?.value).toBe(0.5);
  });

  it('is none without both kinds', () => {
    expect(aucOf([])).toBeNull();
    expect(aucOf(fakes(0.1, 0.9))).toBeNull();
    expect(aucOf(reals(0.1))).toBeNull();
  });
});
