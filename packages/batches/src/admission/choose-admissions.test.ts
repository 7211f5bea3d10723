import { describe, expect, it } from 'vitest';
import { type AdmissionScope, chooseAdmissions } from './choose-admissions.js';

const WINDOW = { jobs: 4, clips: 100, allJobs: 1_000, round: 100 };
const scope = (batch: string | null, owner: string, changes: Partial<AdmissionScope> = {}): AdmissionScope => ({
  ...{ batch, owner, priority: 5, waiting: 1_000_000, open: 0, unscoredClips: 0 },
  ...changes,
});
/** Jobs by batch; of single jobs by owner. */
const chosen = (...args: Parameters<typeof chooseAdmissions>): Record<string, number> =>
  Object.fromEntries(chooseAdmissions(...args).map(({ batch, owner, jobs }) => [batch ?? `single ${owner}`, jobs]));

describe('admission', () => {
  it('fills the window of each batch, and of the single jobs of each owner, and no more', () => {
    const scopes = [
      scope('a', 'anna', { open: 3 }),
      scope('b', 'bert', { open: 4 }),
      scope(null, 'anna', { open: 1 }),
      scope(null, 'cleo', { open: 4 }),
    ];
    expect(chosen(scopes, WINDOW)).toEqual({ a: 1, 'single anna': 3 });
  });

  it('gives a scope whose clips pile up no further job', () => {
    const piled = { unscoredClips: 100 };
    expect(chosen([scope('a', 'anna', piled), scope(null, 'bert', piled)], WINDOW)).toEqual({});
  });

  it('never admits more than there is', () => {
    expect(chosen([scope('a', 'anna', { waiting: 2 })], WINDOW)).toEqual({ a: 2 });
  });

  it('gives owners the same, however many batches they have', () => {
    const scopes = [...'abcdefgh'].map((batch) => scope(batch, 'anna')).concat(scope('z', 'bert'));
    const all = chosen(scopes, { ...WINDOW, round: 6 });
    expect([all.z, Object.values(all).reduce((sum, jobs) => sum + jobs, 0)]).toEqual([3, 6]);
  });

  it('gives an owner that weighs more so many times as much', () => {
    const scopes = [scope('a', 'anna', { weight: 3 }), scope('b', 'bert'), scope('c', 'cleo', { waiting: 1 })];
    expect(chosen(scopes, { ...WINDOW, jobs: 90, round: 29 })).toEqual({ a: 21, b: 7, c: 1 });
  });

  it('begins with another owner where the round is too short for all', () => {
    const scopes = [scope('a', 'anna'), scope('b', 'bert'), scope('c', 'cleo')];
    const first = (owner?: string) => chooseAdmissions(scopes, { ...WINDOW, round: 1 }, owner)[0]?.batch;
    expect([first(), first('bert'), first('cleo'), first('dora')]).toEqual(['a', 'b', 'c', 'a']);
  });

  it('counts priority within an owner alone', () => {
    const scopes = [scope('a', 'anna', { priority: 1 }), scope('b', 'anna', { priority: 9 }), scope('c', 'bert')];
    expect(chosen(scopes, { ...WINDOW, round: 4 })).toEqual({ b: 2, c: 2 });
  });

  it('takes single jobs before batches of the same priority, and after those of a higher one', () => {
    const scopes = [scope('a', 'anna'), scope(null, 'anna'), scope('c', 'anna', { priority: 9 })];
    expect(chosen(scopes, { ...WINDOW, round: 6 })).toEqual({ c: 4, 'single anna': 2 });
  });

  it('takes turns among the equal batches of an owner', () => {
    expect(chosen([scope('a', 'anna', { open: 2 }), scope('b', 'anna')], { ...WINDOW, round: 4 })).toEqual({
      b: 3,
      a: 1,
    });
  });

  it('keeps all batches together within what Redis is to hold, which holds up no single job', () => {
    const scopes = [scope('a', 'anna', { open: 3 }), scope('b', 'bert', { open: 3 }), scope(null, 'bert')];
    expect(chosen(scopes, { ...WINDOW, allJobs: 7 })).toEqual({ a: 1, 'single bert': 4 });
    expect(chosen(scopes, { ...WINDOW, allJobs: 5 })).toEqual({ 'single bert': 4 });
  });
});
