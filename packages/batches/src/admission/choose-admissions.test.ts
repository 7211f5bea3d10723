import { describe, expect, it } from 'vitest';
import { type AdmissionScope, chooseAdmissions } from './choose-admissions.js';

const WINDOW = { jobs: 4, clips: 100, allJobs: 1_000, round: 100 };
const scope = (batch: string, owner: string, changes: Partial<AdmissionScope> = {}): AdmissionScope => ({
  ...{ batch, owner, priority: 5, waiting: 1_000_000, open: 0, unscoredClips: 0 },
  ...changes,
});

describe('admission', () => {
  it('fills the window of each batch and no more', () => {
    expect(chooseAdmissions([scope('a', 'anna', { open: 3 }), scope('b', 'bert', { open: 4 })], WINDOW)).toEqual([
      { batch: 'a', items: 1 },
    ]);
  });

  it('gives a batch whose clips pile up no further job', () => {
    expect(chooseAdmissions([scope('a', 'anna', { unscoredClips: 100 })], WINDOW)).toEqual([]);
  });

  it('never admits more than there is', () => {
    expect(chooseAdmissions([scope('a', 'anna', { waiting: 2 })], WINDOW)).toEqual([{ batch: 'a', items: 2 }]);
  });

  it('gives owners the same, however many batches they have', () => {
    const scopes = [...'abcdefgh'].map((batch) => scope(batch, 'anna')).concat(scope('z', 'bert'));
    const chosen = chooseAdmissions(scopes, { ...WINDOW, round: 6 });
    const ofBert = chosen.find(({ batch }) => batch === 'z')?.items;
    expect([ofBert, chosen.reduce((sum, { items }) => sum + items, 0)]).toEqual([3, 6]);
  });

  it('begins with another owner where the round is too short for all', () => {
    const scopes = [scope('a', 'anna'), scope('b', 'bert'), scope('c', 'cleo')];
    const first = (owner?: string) => chooseAdmissions(scopes, { ...WINDOW, round: 1 }, owner)[0]?.batch;
    expect([first(), first('bert'), first('cleo'), first('dora')]).toEqual(['a', 'b', 'c', 'a']);
  });

  it('counts priority within an owner alone', () => {
    const scopes = [scope('a', 'anna', { priority: 1 }), scope('b', 'anna', { priority: 9 }), scope('c', 'bert')];
    expect(chooseAdmissions(scopes, { ...WINDOW, round: 4 })).toEqual([
      { batch: 'b', items: 2 },
      { batch: 'c', items: 2 },
    ]);
  });

  it('takes turns among the equal batches of an owner', () => {
    const chosen = chooseAdmissions([scope('a', 'anna', { open: 2 }), scope('b', 'anna')], { ...WINDOW, round: 4 });
    expect(chosen).toEqual([
      { batch: 'b', items: 3 },
      { batch: 'a', items: 1 },
    ]);
  });

  it('keeps all batches together within what Redis is to hold', () => {
    const scopes = [scope('a', 'anna', { open: 3 }), scope('b', 'bert', { open: 3 })];
    expect(chooseAdmissions(scopes, { ...WINDOW, allJobs: 7 })).toHaveLength(1);
    expect(chooseAdmissions(scopes, { ...WINDOW, allJobs: 5 })).toEqual([]);
  });
});
