import type { ResultRow } from '@styleflow/client';
import { mintJobId, type Verdict } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { printComparisons, printRescoreCounts } from '../view/print-rescore.js';
import { compareRow, fateOf } from './compare-verdicts.js';
import { rescoreKey, rescoreManifest } from './rescore-manifest.js';

const [OLD, NEW] = [mintJobId(), mintJobId()];
const FAKE: Verdict = { label: 'fake', score: 0.812, threshold: 0.2 };

const rowOf = (changes: Partial<ResultRow> = {}): ResultRow => ({
  ...{ index: 0, id: OLD, source: `job:${OLD}`, status: 'succeeded', verdict_label: 'real', score: 0.1 },
  ...{ threshold: 0.3, reason: null, error_code: null, faces: 1, clips: 3, truth_label: 'fake', group: null, job: NEW },
  ...changes,
});
const earlier = (verdict?: Verdict) => ({
  ...{ id: OLD, bundle: 'old@1', metadata: { file: 'a.mp4' } },
  ...(verdict && { verdict }),
});
const fate = (row: ResultRow, verdict?: Verdict) => {
  const comparison = compareRow(row, earlier(verdict));
  return comparison === null ? null : fateOf(row, comparison);
};

describe('a verdict beside the one before', () => {
  it('has changed with its label or its reason, and not with its score', () => {
    expect(fate(rowOf(), FAKE)).toBe('changed');
    expect(fate(rowOf({ verdict_label: 'fake', score: 0.3 }), FAKE)).toBe('unchanged');
    const unsure: Verdict = { label: 'inconclusive', reason: 'untrained_bundle', score: 0.4, threshold: 0.2 };
    expect(fate(rowOf({ verdict_label: 'inconclusive', reason: 'score_in_doubt' }), unsure)).toBe('changed');
    expect(fate(rowOf({ verdict_label: 'inconclusive', reason: 'untrained_bundle' }), unsure)).toBe('unchanged');
    expect(fate(rowOf())).toBe('changed');
  });

  it('is told apart from a failure, and from a video that could not be had', () => {
    const none = { status: 'failed', verdict_label: null, score: null } as const;
    expect(fate(rowOf({ ...none, error_code: 'source_unreachable' }), FAKE)).toBe('lost');
    expect(fate(rowOf({ ...none, error_code: 'inference_failed' }), FAKE)).toBe('failed');
    expect(fate(rowOf({ ...none, status: 'canceled' }), FAKE)).toBe('canceled');
    expect(compareRow(rowOf({ source: 'https://example.org/a.mp4' }), earlier())).toBeNull();
  });

  it('is printed for people and for programs', () => {
    const comparison = compareRow(rowOf(), earlier(FAKE)) ?? expect.fail('it is one');
    expect(printComparisons([comparison], 'table').split('\n')[1]).toBe(
      `${OLD}  fake 0.812  →  real 0.100  ${NEW}  a.mp4`,
    );
    expect(printComparisons([comparison], 'csv').split('\r\n')[1]).toBe(
      `${OLD},${NEW},a.mp4,fake,old@1,fake,,0.812,real,,0.1`,
    );
    expect(JSON.parse(printComparisons([comparison], 'ndjson'))).toMatchObject({ job: OLD, old_score: 0.812 });
    const counts = { changed: 1, unchanged: 40, failed: 0, canceled: 0, lost: 1, refused: 2 };
    expect(printRescoreCounts(counts)).toBe('1 changed · 40 unchanged · 3 jobs that cannot be scored again any more');
  });
});

describe('the manifest of a rescoring', () => {
  it('names each job under its own id, with what is known to be true of it; the same one has the same key', () => {
    const labelled = { ...earlier(FAKE), metadata: { truth_label: 'fake', id: 'row 7', group: 'x' } };
    const manifest = rescoreManifest([labelled]);
    expect(JSON.parse(manifest)).toEqual({ source: `job:${OLD}`, id: OLD, truth_label: 'fake', group: 'x' });
    expect(rescoreKey(manifest, { bundle: 'b' })).toBe(rescoreKey(manifest, { bundle: 'b' }));
    expect(rescoreKey(manifest, { bundle: 'b' })).not.toBe(rescoreKey(manifest, { bundle: 'c' }));
  });
});
