import { type JobId, mintJobId } from '@styleflow/contracts';
import { createLogger } from '@styleflow/runtime';
import { describe, expect, it } from 'vitest';
import { leaveNothing } from './leave-nothing.js';

/** A stage whose job is deleted, or not, before it ends. */
function stage(isBuried: boolean | Error) {
  const deleted: string[] = [];
  const answer = async () => {
    if (isBuried instanceof Error) throw isBuried;
    return isBuried;
  };
  const ports = {
    records: { isBuried: answer },
    store: {
      deletePrefix: async (prefix: string) => {
        deleted.push(prefix);
        return 1;
      },
    },
    logger: createLogger('test', 'silent'),
  };
  const job = mintJobId();
  const run = (outcome: () => Promise<string>) =>
    leaveNothing<{ payload: { job: JobId } }, string>(ports, outcome)({ payload: { job } });
  return { job, deleted, run };
}

describe('a stage whose job is deleted while it runs', () => {
  it('deletes what it wrote as it ends, however it ends', async () => {
    const { job, deleted, run } = stage(true);
    expect(await run(async () => 'done')).toBe('done');
    await expect(run(() => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
    expect(deleted).toEqual([`jobs/${job}/`, `jobs/${job}/`]);
  });

  it('deletes nothing of a job that is there', async () => {
    const { deleted, run } = stage(false);
    expect(await run(async () => 'done')).toBe('done');
    expect(deleted).toEqual([]);
  });

  it('ends as it does when nobody can be asked', async () => {
    const { deleted, run } = stage(new Error('Redis is away'));
    expect(await run(async () => 'done')).toBe('done');
    await expect(run(() => Promise.reject(new Error('stopped')))).rejects.toThrow('stopped');
    expect(deleted).toEqual([]);
  });
});
