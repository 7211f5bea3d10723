import { type Comparison, MOST_DIFFERING_MAX, mintJobId, type ShortVerdict } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { sumDisagreements } from './sum-disagreements.js';

const verdictOf = (score: number | null): ShortVerdict =>
  score === null
    ? { label: 'inconclusive', reason: 'no_face', score }
    : { label: score >= 0.5 ? 'fake' : 'real', score };

function compared(served: number | null, shadow: number | null, at = 0, bundle = 'served@aaaaaaaaaaaa'): Comparison {
  return {
    ...{ job: mintJobId(), run: 1, at },
    shadow: verdictOf(shadow),
    served: [{ bundle, verdict: verdictOf(served) }],
  };
}

describe('how a shadow differs from what is served', () => {
  it('is told by agreement, by pairs of labels and by the difference of scores', () => {
    const [against, ...others] = sumDisagreements([
      compared(0.9, 0.8, 3_000),
      compared(0.6, 0.2, 1_000),
      compared(0.2, 0.3, 2_000),
      compared(0.1, null, 4_000),
    ]);
    expect(others).toEqual([]);
    expect(against).toMatchObject({
      ...{ bundle: 'served@aaaaaaaaaaaa', videos: 4, sameVerdict: 2, agreement: 0.5 },
      ...{ from: '1970-01-01T00:00:01.000Z', to: '1970-01-01T00:00:04.000Z' },
    });
    expect(against?.confusion).toEqual([
      { served: 'fake', shadow: 'fake', videos: 1 },
      { served: 'fake', shadow: 'real', videos: 1 },
      { served: 'real', shadow: 'real', videos: 1 },
      { served: 'real', shadow: 'inconclusive', videos: 1 },
    ]);
    // Differences: −0.1, −0.4, 0.1.
    expect(against?.scoreDifference).toEqual({
      videos: 3,
      mean: expect.closeTo(-0.4 / 3, 12),
      meanAbsolute: expect.closeTo(0.2, 12),
      p5: expect.closeTo(-0.37, 12),
      p25: expect.closeTo(-0.25, 12),
      p50: expect.closeTo(-0.1, 12),
      p75: expect.closeTo(0, 12),
      p95: expect.closeTo(0.08, 12),
    });
  });

  it('names the jobs that differ most, other labels first, and no more than are asked for', () => {
    const other = compared(0.5, 0.45, 1);
    const far = compared(0.99, 0.6, 2);
    const many = Array.from({ length: 30 }, (_, at) => compared(0.2, 0.2, at));
    const [against] = sumDisagreements([...many, far, other]);
    expect(against?.mostDiffering).toHaveLength(MOST_DIFFERING_MAX);
    expect(against?.mostDiffering.slice(0, 3).map(({ job }) => job)).toEqual([other.job, far.job, many[29]?.job]);
  });

  it('keeps served bundles apart, and has nothing to say of scores that nobody has', () => {
    const sums = sumDisagreements([compared(null, null), compared(0.1, 0.2, 0, 'other@bbbbbbbbbbbb')]);
    expect(sums.map(({ bundle, videos }) => [bundle, videos])).toEqual([
      ['served@aaaaaaaaaaaa', 1],
      ['other@bbbbbbbbbbbb', 1],
    ]);
    expect(sums[0]).toMatchObject({ scoreDifference: null, agreement: 1 });
    expect(sumDisagreements([])).toEqual([]);
  });
});
