import { JobError, mintJobId, type ScorePayload } from '@styleflow/contracts';
import type { Attempt, JobRecords } from '@styleflow/queue';
import { createLogger, NO_SPAN } from '@styleflow/runtime';
import { describe, expect, it } from 'vitest';
import { scorePayload } from '../test-jobs.js';
import { type ScoreClipsPorts, scoreClipsHandler } from './score-clips-handler.js';

const attemptOf = (changes: Partial<Attempt<ScorePayload>> = {}): Attempt<ScorePayload> => ({
  payload: scorePayload(mintJobId(), 0),
  number: 1,
  finalError: (error) => (error.retryable ? null : error),
  wasStalled: false,
  signal: new AbortController().signal,
  ...changes,
});

/** The attempt after which there is none. */
const LAST: Partial<Attempt<ScorePayload>> = { finalError: (error) => error };

/** The stage with ports that list what it did with them. */
function stage(changes: Partial<JobRecords> & { submit?: ScoreClipsPorts['batcher']['submit'] } = {}) {
  const done: string[] = [];
  const note = async <T>(what: string, answer: T): Promise<T> => {
    done.push(what);
    return answer;
  };
  const { submit = async (_, { isAlone }) => note(isAlone ? 'score alone' : 'score', { batchSize: 1 }), ...records } =
    changes;
  const handler = scoreClipsHandler({
    records: {
      isWanted: async () => true,
      isBuried: async () => false,
      countClip: () => note('count', 1),
      ...records,
    } as JobRecords,
    shadows: { isHeld: async () => true },
    store: { delete: (keys) => note(`delete ${keys.length}`, undefined), head: async () => null },
    scorer: {
      load: async () => ({ handle: 1, since: 0, span: NO_SPAN, isShadows: false }),
      discard: () => note('discard', undefined),
    },
    batcher: { submit },
    logger: createLogger('test', 'silent'),
  });
  return { done, handler };
}

describe('an attempt to score a clip', () => {
  it('scores, lets the pixels go, counts, and deletes what was stored of them', async () => {
    const { done, handler } = stage();
    await handler(attemptOf());
    expect(done).toEqual(['score', 'discard', 'count', 'delete 1']);
  });

  it('leaves the pixels to shadows while the run is held for them', async () => {
    const { done, handler } = stage();
    await handler(attemptOf({ payload: { ...scorePayload(mintJobId(), 0), shadowed: true } }));
    expect(done).toEqual(['score', 'discard', 'count']);
  });

  it('runs alone when it lost a worker before', async () => {
    const { done, handler } = stage();
    await handler(attemptOf({ wasStalled: true }));
    expect(done[0]).toBe('score alone');
  });

  const failing = (retryable: boolean) => ({
    submit: () => Promise.reject(new JobError('inference_failed', 'device fault', { retryable })),
  });

  it('does not count a failure that will be tried again', async () => {
    const { done, handler } = stage(failing(true));
    await expect(handler(attemptOf())).rejects.toMatchObject({ code: 'inference_failed' });
    expect(done).toEqual(['discard']);
  });

  it('counts a failure that is final, so that progress reaches its end', async () => {
    for (const { retryable, changes } of [
      { retryable: true, changes: LAST },
      { retryable: false, changes: {} },
    ]) {
      const { done, handler } = stage(failing(retryable));
      await expect(handler(attemptOf(changes))).rejects.toMatchObject({ code: 'inference_failed' });
      expect(done).toEqual(['discard', 'count']);
    }
  });

  it('does not count what it gave up because its worker must let go, even on the last attempt', async () => {
    const { done, handler } = stage(failing(true));
    await expect(handler(attemptOf({ ...LAST, signal: AbortSignal.abort() }))).rejects.toThrow('device fault');
    expect(done).toEqual(['discard']);
  });

  it('leaves nothing behind of a job that was deleted while its clip was scored', async () => {
    const { done, handler } = stage({ isBuried: async () => true });
    await handler(attemptOf());
    expect(done.at(-1)).toBe('delete 2');
  });
});
