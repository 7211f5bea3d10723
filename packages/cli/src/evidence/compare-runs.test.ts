import type { Result } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { compareRuns } from './compare-runs.js';

interface Changes {
  readonly logits?: readonly (number | null)[];
  readonly precision?: 'fp32' | 'fp16';
  readonly provider?: string;
  readonly digest?: string;
  readonly preprocessing?: string;
  readonly label?: 'fake' | 'real';
}

/** A result with one face, whose clips have these logits. */
function resultWith(changes: Changes = {}): Result {
  const {
    logits = [1],
    precision = 'fp32',
    provider = 'cpu',
    digest = 'd',
    preprocessing = 'p',
    label = 'fake',
  } = changes;
  const clips = logits.map((logit, index) => ({ index, logit, sha256: `${index}` }));
  return {
    verdict: { label },
    faces: [{ track: 0, clips }],
    model: { bundle: 'b@1', digest, precision, provider },
    pipeline: { preprocessing },
  } as unknown as Result;
}

const named = (before: Changes, now: Changes) =>
  compareRuns(resultWith(before), resultWith(now)).faults.map(({ name }) => name);

describe('a re-run', () => {
  it('agrees within the tolerance of its provider, and tells how far it is away', () => {
    const { faults, clips, equalClips, largestDifference } = compareRuns(
      resultWith({ logits: [1, -2] }),
      resultWith({ logits: [1.0001, -2] }),
    );
    expect(faults).toEqual([]);
    expect([clips, equalClips]).toEqual([2, 2]);
    expect(largestDifference).toBeCloseTo(1e-4, 8);
  });

  it('is allowed more between providers and in half precision, and not more than that', () => {
    expect(named({ logits: [1] }, { logits: [1.001] })).toEqual(['face 0 clip 0']);
    expect(named({ logits: [1] }, { logits: [1.001], provider: 'cuda' })).toEqual([]);
    expect(named({ logits: [1], precision: 'fp16' }, { logits: [1.03], precision: 'fp16' })).toEqual([]);
    expect(named({ logits: [1], precision: 'fp16' }, { logits: [1.05], precision: 'fp16' })).toEqual(['face 0 clip 0']);
  });

  it('names what keeps it from being compared', () => {
    expect(named({}, { digest: 'other' })).toEqual(['model']);
    expect(named({}, { preprocessing: 'other' })).toEqual(['pipeline']);
    expect(named({ logits: [1, 1] }, { logits: [1] })).toEqual(['faces']);
    expect(named({}, { label: 'real' })).toEqual(['verdict']);
  });
});
