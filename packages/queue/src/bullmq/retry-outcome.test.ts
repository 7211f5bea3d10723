import { JobError } from '@styleflow/contracts';
import { describe, expect, it } from 'vitest';
import { decideRetry } from './retry-outcome.js';

const stage = { attempts: 4, backoffMs: 1_000 };
const outage = new JobError('storage_unavailable', 'down');

describe('decideRetry', () => {
  it('never tries again what is the fault of the input', () => {
    expect(decideRetry({ ...stage, error: new JobError('media_corrupt', 'broken'), failuresBefore: 0 })).toEqual({
      retry: false,
    });
  });

  it('lets one error of a retryable code be final', () => {
    const error = new JobError('source_unreachable', '404', { retryable: false });
    expect(decideRetry({ ...stage, error, failuresBefore: 0 })).toEqual({ retry: false });
  });

  it('doubles the delay with each failure and adds at most half of it', () => {
    const delays = (random: number): unknown[] =>
      [0, 1, 2].map((failuresBefore) => decideRetry({ ...stage, error: outage, failuresBefore }, () => random));
    expect(delays(0)).toEqual([1_000, 2_000, 4_000].map((delayMs) => ({ retry: true, delayMs })));
    expect(delays(1)).toEqual([1_500, 3_000, 6_000].map((delayMs) => ({ retry: true, delayMs })));
  });

  it('gives up after the last attempt', () => {
    expect(decideRetry({ ...stage, error: outage, failuresBefore: 3 })).toEqual({ retry: false });
    expect(decideRetry({ ...stage, attempts: 1, error: outage, failuresBefore: 0 })).toEqual({ retry: false });
  });
});
