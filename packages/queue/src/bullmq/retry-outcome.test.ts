import { JobError } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { decideRetry, type FailedAttempt } from './retry-outcome.js';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 1);
const defect = new JobError('internal', 'a defect');
const outage = new JobError('storage_unavailable', 'answered 503');

const failed = (changes: Partial<FailedAttempt>): FailedAttempt => ({
  error: defect,
  failuresBefore: 0,
  attempts: 4,
  backoffMs: 1_000,
  waited: null,
  now: NOW,
  budgetMs: 15 * MINUTE,
  ...changes,
});

describe('an attempt that failed', () => {
  it('is the last one when it is the fault of the input', () => {
    const error = new JobError('media_corrupt', 'broken');
    expect(decideRetry(failed({ error }))).toEqual({ kind: 'fail', error });
  });

  it('is the last one for a single error of a retryable code that says so', () => {
    const error = new JobError('source_unreachable', '404', { retryable: false });
    expect(decideRetry(failed({ error }))).toEqual({ kind: 'fail', error });
  });

  it('is followed by another, after a delay that doubles with each failure and has at most half of it as jitter', () => {
    const delays = (random: number): unknown[] =>
      [0, 1, 2].map((failuresBefore) => decideRetry(failed({ failuresBefore }), () => random));
    expect(delays(0)).toEqual([1_000, 2_000, 4_000].map((delayMs) => ({ kind: 'retry', delayMs })));
    expect(delays(1)).toEqual([1_500, 3_000, 6_000].map((delayMs) => ({ kind: 'retry', delayMs })));
  });

  it('is followed by another without counting, however long and often, when it was only not the entry’s turn', () => {
    const error = new JobError('source_unreachable', 'all connections are taken', { away: 'turn' });
    const waited = { away: 'turn', since: NOW - 600 * MINUTE, times: 1_000, reason: '' } as const;
    const attempt = failed({ error, waited, failuresBefore: 3 });
    const reason = 'source_unreachable: all connections are taken';
    const after = { away: 'turn', since: waited.since, times: 1_001, due: NOW + 3_000, reason };
    expect(decideRetry(attempt, () => 0)).toEqual({ kind: 'wait', delayMs: 3_000, waited: after });
  });

  it('is followed by another without counting, no sooner than its source has asked for, and later each time it asks anew', () => {
    const error = new JobError('source_unreachable', 'answered 503', { away: 'pause', retryAfterMs: 45_000 });
    const delays = (times: number, retryAfterMs = 45_000) => {
      const asked = new JobError('source_unreachable', 'answered 503', { away: 'pause', retryAfterMs });
      const waited = { away: 'pause', since: NOW - 600 * MINUTE, times, reason: '' } as const;
      return [0, 1].map((random) => decideRetry(failed({ error: asked, waited, failuresBefore: 3 }), () => random));
    };
    expect(decideRetry(failed({ error, failuresBefore: 3 }), () => 0)).toMatchObject({ kind: 'wait', delayMs: 45_000 });
    expect(delays(1_000)).toMatchObject([{ delayMs: 45_000 }, { delayMs: 50_000 }]);
    expect(delays(0, 0)).toMatchObject([{ delayMs: 1_000 }, { delayMs: 1_500 }]);
    expect(delays(1_000, 0)).toMatchObject([{ delayMs: 30_000 }, { delayMs: 45_000 }]);
  });

  it('is the last one when all are used up', () => {
    expect(decideRetry(failed({ failuresBefore: 3 }))).toEqual({ kind: 'fail', error: defect });
    expect(decideRetry(failed({ attempts: 1 }))).toEqual({ kind: 'fail', error: defect });
  });
});

describe('an attempt that failed because something is away', () => {
  const away = ['store', 'redis', 'names', 'scratch', 'descriptors', 'programs'] as const;

  it.each(away)('spends no attempt, however many have failed before: %s', (what) => {
    const error = new JobError('internal', 'x', { away: what });
    const outcome = decideRetry(failed({ error, failuresBefore: 3 }), () => 0);
    expect(outcome).toEqual({
      kind: 'wait',
      delayMs: 1_000,
      waited: { away: what, since: NOW, times: 1, due: NOW + 1_000, reason: 'internal: x' },
    });
  });

  it('waits longer each time, up to a thirtieth of the budget', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 30].map((times) => {
      const outcome = decideRetry(
        failed({ error: outage, waited: { away: 'store', since: NOW, times, reason: '' } }),
        () => 0,
      );
      return outcome.kind === 'wait' ? outcome.delayMs : outcome.kind;
    });
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('remembers since when, until the budget is over: then the entry fails and names what it waited for', () => {
    const since = NOW - 15 * MINUTE;
    const waited = { away: 'store', since, times: 40, reason: '' } as const;
    expect(decideRetry(failed({ error: outage, waited }))).toMatchObject({
      kind: 'wait',
      waited: { since, times: 41 },
    });
    expect(decideRetry(failed({ error: outage, waited, now: NOW + 1 }))).toMatchObject({
      kind: 'fail',
      error: {
        code: 'storage_unavailable',
        retryable: false,
        message: 'The job waited for the object store for more than 15 minutes: answered 503',
      },
    });
  });

  it('begins to count anew when others found in order, meanwhile, what is away again', () => {
    const waited = { away: 'store', since: NOW - 60 * MINUTE, times: 2, reason: '' } as const;
    expect(decideRetry(failed({ error: outage, waited, wellAt: NOW - 70 * MINUTE }))).toMatchObject({ kind: 'fail' });
    expect(decideRetry(failed({ error: outage, waited, wellAt: NOW - MINUTE }))).toMatchObject({
      kind: 'wait',
      waited: { since: NOW, times: 3 },
    });
  });

  it('does not count the time in which the entry was due and nobody looked', () => {
    const since = NOW - 60 * MINUTE;
    const waited = { away: 'store', since, times: 2, due: since + 5_000, reason: '' } as const;
    expect(decideRetry(failed({ error: outage, waited }))).toMatchObject({
      kind: 'wait',
      waited: { since: NOW - 5_000 },
    });
    const wasLooked = { ...waited, due: NOW - MINUTE };
    expect(decideRetry(failed({ error: outage, waited: wasLooked }))).toMatchObject({ kind: 'fail' });
    const own = new JobError('internal', 'x', { away: 'scratch' });
    expect(decideRetry(failed({ error: own, waited: { ...waited, away: 'scratch' } }))).toMatchObject({ kind: 'fail' });
  });

  it('is the last one when the entry alone meets it again and again, while others get through', () => {
    const waited = { away: 'store', since: NOW - MINUTE, times: 90, reason: '' } as const;
    expect(decideRetry(failed({ error: outage, waited, wellAt: NOW }))).toMatchObject({ kind: 'fail' });
  });

  it('begins to count anew when it is another thing that is away', () => {
    const waited = { away: 'scratch', since: NOW - 14 * MINUTE, times: 9, reason: '' } as const;
    const outcome = decideRetry(failed({ error: outage, waited }), () => 0);
    const reason = 'storage_unavailable: answered 503';
    const after = { away: 'store', since: NOW, times: 1, due: NOW + 1_000, reason };
    expect(outcome).toEqual({ kind: 'wait', delayMs: 1_000, waited: after });
  });

  it('has a budget that can be scaled down to seconds', () => {
    const waited = { away: 'store', since: NOW - 6_000, times: 3, reason: '' } as const;
    expect(decideRetry(failed({ error: outage, waited, budgetMs: 6_000 }), () => 0)).toMatchObject({ delayMs: 1_000 });
    const late = decideRetry(failed({ error: outage, waited, budgetMs: 5_999 }));
    expect(late).toMatchObject({ kind: 'fail', error: { message: expect.stringContaining('more than 0.1 minutes') } });
  });
});
