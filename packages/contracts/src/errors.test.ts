import { describe, expect, it } from 'vitest';
import { JobError, OUR_FAULTS, parseJobError, printJobError, toJobError } from './errors.js';

describe('whose fault an error is', () => {
  it('stands in the table of codes', () => {
    expect(new JobError('media_corrupt', 'x')).toMatchObject({ fault: 'input', retryable: false, away: undefined });
    expect(new JobError('source_unreachable', 'x')).toMatchObject({ fault: 'source', retryable: true });
    expect(new JobError('storage_unavailable', 'x')).toMatchObject({ fault: 'surroundings', away: 'store' });
    expect(new JobError('queue_unavailable', 'x')).toMatchObject({ fault: 'surroundings', away: 'redis' });
    expect(new JobError('internal', 'x')).toMatchObject({ fault: 'system', away: undefined });
  });

  it('tells what jobs end with through no fault of their video', () => {
    expect(OUR_FAULTS).toEqual(['queue_unavailable', 'storage_unavailable', 'internal', 'inference_failed']);
  });

  it('is that of what is away, whatever the code', () => {
    expect(new JobError('internal', 'no room', { away: 'scratch' })).toMatchObject({
      fault: 'worker',
      retryable: true,
    });
    const unnamed = new JobError('source_unreachable', 'no answer', { away: 'names' });
    expect(unnamed).toMatchObject({ fault: 'surroundings', retryable: true });
  });
});

describe('an error of the system', () => {
  const system = (code: string): Error => Object.assign(new Error(`${code}: refused`), { code });

  it.each([
    ['ENOSPC', 'scratch'],
    ['EDQUOT', 'scratch'],
    ['EROFS', 'scratch'],
    ['EMFILE', 'descriptors'],
    ['ENFILE', 'descriptors'],
  ])('%s is the fault of the worker, which lacks %s', (code, away) => {
    expect(toJobError(system(code))).toMatchObject({ code: 'internal', fault: 'worker', away, retryable: true });
    expect(toJobError(new Error('wrapped', { cause: system(code) }))).toMatchObject({ away });
  });

  it('of another kind says nothing of the machine', () => {
    expect(toJobError(system('ECONNRESET'))).toMatchObject({ code: 'internal', fault: 'system', away: undefined });
    expect(toJobError('text')).toMatchObject({ message: 'text', away: undefined });
  });
});

describe('an error as one line', () => {
  it('keeps code, sentence and whether it may be tried again', () => {
    for (const error of [
      new JobError('media_corrupt', 'It is damaged: here.'),
      new JobError('source_unreachable', 'Nobody\nanswers.'),
      new JobError('source_unreachable', 'It answered 404.', { retryable: false }),
    ]) {
      const { code, message, retryable } = parseJobError(printJobError(error));
      expect({ code, message, retryable }).toEqual({
        code: error.code,
        message: error.message,
        retryable: error.retryable,
      });
    }
  });

  it('of another author is internal', () => {
    expect(parseJobError('job stalled more than allowable limit')).toMatchObject({ code: 'internal', retryable: true });
  });
});
