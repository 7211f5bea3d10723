import type { Combine, Combined, Verdict } from '@styleflow/contracts';
import { sigmoid } from './calibrate.js';
import { decide } from './decide.js';

/** What one bundle says; `verdict` is null of one that was left out. */
export interface Ballot {
  /** Its id. */
  readonly bundle: string;
  readonly verdict: Verdict | null;
}

/**
 * Scores are clipped to these bounds before their log odds are averaged: an isotonic calibration gives 0 and 1, whose log odds are
 * infinite, and no bundle is to decide alone.
 */
export const CLIPPED_TO: readonly [number, number] = [0.001, 0.999];

const HALF = 0.5;

/**
 * One verdict of several. Bundles whose own verdict is fake or real vote; untrained ones, those in doubt and those that were left out
 * do not. `mean`: σ of the mean log odds of the voters' scores, against that of their own thresholds. `majority` and `any`: the score
 * is the share of votes for fake, against one half, or against a single vote.
 * Without a vote, or at a tie, it is inconclusive (`score_in_doubt`); where no bundle had a face to score it says that.
 */
export function combineOpinions(ballots: readonly Ballot[], rule: Combine): { verdict: Verdict; combined: Combined } {
  const voters = ballots.flatMap(({ bundle, verdict }) =>
    verdict === null || verdict.label === 'inconclusive' ? [] : [{ bundle, verdict, label: verdict.label }],
  );
  const verdict =
    voters.length === 0
      ? withoutVote(ballots)
      : rule === 'mean'
        ? meanOf(voters.map((voter) => voter.verdict))
        : countVotes(voters, rule);
  const voted = new Set(voters.map(({ bundle }) => bundle));
  return {
    verdict,
    combined: {
      rule,
      votes: voters.map(({ bundle, label }) => ({ bundle, label })),
      abstained: ballots.flatMap(({ bundle }) => (voted.has(bundle) ? [] : [bundle])),
      disagreed: voters.flatMap(({ bundle, label }) => (label === verdict.label ? [] : [bundle])),
      ...(rule === 'mean' && { clippedTo: [...CLIPPED_TO] as [number, number] }),
    },
  };
}

/** What no bundle had to look at is not in doubt: all of them cut the same clips. */
function withoutVote(ballots: readonly Ballot[]): Verdict {
  const reason = ballots.find(({ verdict }) => verdict !== null)?.verdict?.reason;
  const isFaceless = reason === 'no_face' || reason === 'face_too_short';
  return {
    label: 'inconclusive',
    reason: isFaceless ? reason : 'score_in_doubt',
    score: null,
    threshold: HALF,
  };
}

function meanOf(verdicts: readonly Verdict[]): Verdict {
  const mean = (of: (verdict: Verdict) => number): number =>
    sigmoid(verdicts.reduce((sum, verdict) => sum + logOdds(of(verdict)), 0) / verdicts.length);
  const fake = mean(({ thresholds, threshold }) => thresholds?.fake ?? threshold);
  const real = mean(({ thresholds, threshold }) => thresholds?.real ?? threshold);
  const score = mean((verdict) => verdict.score ?? HALF);
  const bundle = { trained: true, threshold: fake, ...(real < fake && { thresholds: { real, fake } }) };
  return decide({ score, tracks: 1, bundle });
}

function logOdds(score: number): number {
  const [low, high] = CLIPPED_TO;
  const p = Math.min(high, Math.max(low, score));
  return Math.log(p / (1 - p));
}

function countVotes(voters: readonly { readonly label: 'fake' | 'real' }[], rule: 'majority' | 'any'): Verdict {
  const fakes = voters.filter(({ label }) => label === 'fake').length;
  const score = fakes / voters.length;
  if (rule === 'any') return { label: fakes > 0 ? 'fake' : 'real', score, threshold: 1 / voters.length };
  if (score === HALF) return { label: 'inconclusive', reason: 'score_in_doubt', score, threshold: HALF };
  return { label: score > HALF ? 'fake' : 'real', score, threshold: HALF };
}
