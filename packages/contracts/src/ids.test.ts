import { describe, expect, it } from 'vitest';
import {
  entryId,
  isBatchId,
  isJobId,
  itemIndexOf,
  itemJobId,
  jobOfEntryId,
  mintBatchId,
  mintJobId,
  parseEntryId,
  prepareAgainId,
} from './ids.js';
import { STAGES } from './stages.js';

describe('the id of an entry', () => {
  const work = { job: mintJobId(), run: 3, track: 2, clip: 17 };

  it.each(STAGES)('of the stage %s is read back as it was spelled', (stage) => {
    const id = entryId[stage](work);
    const read = parseEntryId(id);
    expect(read).toMatchObject({ stage, job: work.job, run: 3 });
    expect(id).toBe(entryId[stage]({ ...work, track: read?.track ?? 0, clip: read?.clip ?? 0 }));
  });

  it('names track and clip only where the stage works on one', () => {
    expect(parseEntryId(entryId.score(work))).toEqual({ ...work, stage: 'score' });
    expect(parseEntryId(entryId.prepare(work))).toMatchObject({ track: null, clip: null });
    expect(parseEntryId(`${entryId.finish(work)}.1.2`)).toBeNull();
    expect(parseEntryId(`${work.job}.3.score`)).toBeNull();
  });

  it('of a stage that works once more is read as one of this stage', () => {
    expect(parseEntryId(prepareAgainId(work, 2))).toEqual(parseEntryId(entryId.prepare(work)));
    expect(parseEntryId(`${entryId.finish(work)}.again.1`)).toBeNull();
    expect(parseEntryId(`${entryId.score(work)}.again.1`)).toBeNull();
    expect(parseEntryId(`${entryId.prepare(work)}.again.0`)).toBeNull();
    expect(parseEntryId(`${prepareAgainId(work, 1)}.again.1`)).toBeNull();
  });

  it('of a stage that this version does not know is not taken for one that it knows', () => {
    expect(parseEntryId(`${work.job}.3.audit`)).toBeNull();
    expect(parseEntryId(`${work.job}.3.audit.2.17`)).toBeNull();
  });

  it('of any version names its job', () => {
    for (const id of [entryId.score(work), `${work.job}.3.audit.2.17`]) expect(jobOfEntryId(id)).toBe(work.job);
    for (const id of ['', 'junk', work.job, 'video_1.1.prepare', 'repeat:1']) expect(jobOfEntryId(id)).toBeNull();
  });

  it.each(['', 'repeat:1', 'video_1.1.prepare', `${work.job}.01.prepare`, `${work.job}.1.toString`])(
    '%j is none of ours',
    (id) => expect(parseEntryId(id)).toBeNull(),
  );
});

describe('the job of an item', () => {
  const batch = mintBatchId();

  it.each([0, 1, 31, 32, 999_999])('number %d is a job id that names the item', (index) => {
    const job = itemJobId(batch, index);
    expect([isBatchId(batch), isJobId(job), itemIndexOf(batch, job)]).toEqual([true, true, index]);
  });

  it('sorts as its item does', () => {
    const jobs = [0, 9, 10, 31, 32, 1_000, 999_999].map((index) => itemJobId(batch, index));
    expect([...jobs].sort()).toEqual(jobs);
  });

  it('is no item of another batch', () => {
    expect(itemIndexOf(mintBatchId(), itemJobId(batch, 3))).toBeNull();
    expect(itemIndexOf(batch, 'job_1')).toBeNull();
  });
});
