import type { Verdict } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { type Ballot, combineOpinions } from './combine-opinions.js';

const ballot = (bundle: string, score: number, more: Partial<Verdict> = {}): Ballot => {
  const label = score >= 0.5 ? 'fake' : 'real';
  return { bundle, verdict: { label, score, threshold: 0.5, ...more } };
};
const untrained = ballot('u', 0.9, { label: 'inconclusive', reason: 'untrained_bundle' });
const inDoubt = ballot('d', 0.5, { label: 'inconclusive', reason: 'score_in_doubt' });

describe('the majority of several bundles', () => {
  it('is what more of those say that vote, and names who abstained and who disagreed', () => {
    const { verdict, combined } = combineOpinions(
      [ballot('a', 0.9), ballot('b', 0.1), ballot('c', 0.6), untrained, inDoubt, { bundle: 'away', verdict: null }],
      'majority',
    );
    expect(verdict).toEqual({ label: 'fake', score: 2 / 3, threshold: 0.5 });
    expect(combined).toEqual({
      rule: 'majority',
      votes: [
        { bundle: 'a', label: 'fake' },
        { bundle: 'b', label: 'real' },
        { bundle: 'c', label: 'fake' },
      ],
      abstained: ['u', 'd', 'away'],
      disagreed: ['b'],
    });
  });

  it('is inconclusive at a tie, where all that voted disagree, and without a vote', () => {
    const tie = combineOpinions([ballot('a', 0.9), ballot('b', 0.1)], 'majority');
    expect(tie.verdict).toEqual({ label: 'inconclusive', reason: 'score_in_doubt', score: 0.5, threshold: 0.5 });
    expect(tie.combined.disagreed).toEqual(['a', 'b']);
    for (const rule of ['majority', 'any', 'mean'] as const) {
      const { verdict } = combineOpinions([untrained, inDoubt, { bundle: 'away', verdict: null }], rule);
      expect(verdict).toEqual({ label: 'inconclusive', reason: 'score_in_doubt', score: null, threshold: 0.5 });
    }
  });
});

it('says of a video without a face that it has none, which is no matter of votes', () => {
  const faceless: Verdict = { label: 'inconclusive', reason: 'no_face', score: null, threshold: 0.2 };
  const ballots = ['a', 'b'].map((bundle) => ({ bundle, verdict: faceless }));
  expect(combineOpinions(ballots, 'mean').verdict).toMatchObject({ label: 'inconclusive', reason: 'no_face' });
});

it('takes one for fake that any of those calls fake that vote', () => {
  const fake = combineOpinions([ballot('a', 0.1), ballot('b', 0.9), ballot('c', 0.2), untrained], 'any');
  expect(fake.verdict).toEqual({ label: 'fake', score: 1 / 3, threshold: 1 / 3 });
  expect(fake.combined.disagreed).toEqual(['a', 'c']);
  expect(combineOpinions([ballot('a', 0.1), untrained], 'any').verdict).toEqual({
    ...{ label: 'real', score: 0, threshold: 1 },
  });
});

describe('the mean of calibrated log odds', () => {
  it('is that of scores against that of thresholds', () => {
    // ln(0.9/0.1) = 2.1972245773362196, ln(0.2/0.8) = −1.3862943611198906; half their sum 0.40546510810816 = ln(1.5).
    const { verdict, combined } = combineOpinions([ballot('a', 0.9), ballot('b', 0.2)], 'mean');
    expect(verdict).toEqual({ label: 'fake', score: expect.closeTo(0.6, 12), threshold: 0.5 });
    expect(combined).toMatchObject({ clippedTo: [0.001, 0.999], disagreed: ['b'] });
  });

  it('has a stretch of doubt where a bundle has one, and comes of those alone that vote', () => {
    const thresholds = { real: 0.2, fake: 0.8 };
    const wide = ballot('a', 0.1, { label: 'real', threshold: 0.8, thresholds });
    const { verdict } = combineOpinions([wide, ballot('b', 0.9), untrained], 'mean');
    // Log odds of 0.5 against those of 1/3 and 2/3, which are half of those of 0.2 and 0.8.
    expect(verdict).toMatchObject({ label: 'inconclusive', reason: 'score_in_doubt', score: expect.closeTo(0.5, 12) });
    expect(verdict.thresholds).toEqual({ real: expect.closeTo(1 / 3, 12), fake: expect.closeTo(2 / 3, 12) });
  });

  it('lets no bundle decide alone that is certain', () => {
    const { verdict } = combineOpinions([ballot('a', 1), ballot('b', 0.001), ballot('c', 0.3)], 'mean');
    expect(verdict).toMatchObject({ label: 'real' });
    expect(verdict.score).toBeGreaterThan(0.4);
  });
});
