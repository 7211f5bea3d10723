import { type JobId, mintJobId } from '@styleflow/contracts';
import { beginJob } from '@styleflow/queue';
import { until } from '@styleflow/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { BatchWork, startBatchLoop } from './batch-loop.js';
import type { BatchPorts } from './batch-ports.js';

const FAILED = { status: 'failed', error: { code: 'internal', message: 'for a test' } } as const;

let system: TestSystem;
let ports: BatchPorts;
beforeAll(async () => {
  system = await startTestSystem();
  const sourceRules = { allowPrivateSources: false, ownBucket: null, sourceBuckets: [] };
  const { connection, queue, store, vault } = system;
  ports = { ...connection, queue, store, vault, sourceRules, logger: quietLogger };
});
beforeEach(async () => {
  await system.redis.command('FLUSHALL');
  await system.connection.singles.setWindow({ jobs: 2, clips: 100 });
});
afterAll(() => system.stop());

/** As a submission: the record, and its entries unless it waits. */
async function submit(owner: string): Promise<JobId> {
  const record = await system.createJob({}, mintJobId(), { owner });
  await beginJob(system.queue, record);
  return record.id;
}
const entriesOf = (job: JobId) => system.queue.flowState({ job, run: 1 });

describe('single jobs beyond their owner’s window', () => {
  it('have no entries until there is room, and then begin without being asked for', async () => {
    const jobs = [await submit('anna'), await submit('anna'), await submit('anna')];
    const [first, , third] = jobs;
    if (first === undefined || third === undefined) return expect.fail();
    expect(await Promise.all(jobs.map(entriesOf))).toEqual(['live', 'live', 'absent']);
    // The loop sets the window to what the workers that are there need, at least 64.
    const changes = await system.connection.openBatchChanges();
    const loop = startBatchLoop(ports, changes);
    await system.records.end({ job: first, run: 1 }, FAILED);
    await until('the third has its entries', async () => (await entriesOf(third)) === 'live');
    await until('that is noted', async () => (await system.records.read(third))?.isWaiting === false);
    await loop.stop();
    await changes.close();
  });

  it('are admitted once, also when the process that did it was lost between the entries and the note', async () => {
    for (const owner of ['anna', 'anna']) await submit(owner);
    const late = await submit('anna');
    const record = await system.records.read(late);
    await beginJob(system.queue, { ...(record ?? expect.fail()), isWaiting: false });
    const work = new BatchWork(ports, new AbortController().signal);
    await work.round();
    await work.settled();
    expect(await system.connection.singles.waiting()).toEqual([]);
    expect(await entriesOf(late)).toBe('live');
  });
});
