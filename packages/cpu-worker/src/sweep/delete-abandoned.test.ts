import { type JobId, mintJobId } from '@styleflow/contracts';
import { resultKey, sourceKey } from '@styleflow/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { deleteAbandoned } from './delete-abandoned.js';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

const BUDGET_MS = 900_000;
const HOUR = 3_600_000;

const noted = (): Promise<JobId[]> => system.connection.arrivals.notedBefore(Date.now() + HOUR, 10);
const isThere = async (key: string): Promise<boolean> => (await system.store.head(key)) !== null;

/** A round so long after now. */
async function sweepAfter(ms: number): Promise<void> {
  const { records, store, clock, connection } = system;
  const at = (await clock.read()) + ms;
  const later = { now: async () => at, read: async () => at };
  const { arrivals } = connection;
  await deleteAbandoned({ arrivals, records, store, clock: later, logger: quietLogger, outageBudgetMs: BUDGET_MS });
}

it('the video of a submission that never became a job goes after the budget of an outage, and no job is made of it then', async () => {
  const { records, store, connection } = system;
  const { arrivals } = connection;
  const [lost, accepted, forgotten] = [mintJobId(), mintJobId(), mintJobId()];
  for (const job of [lost, accepted, forgotten]) {
    expect(await arrivals.note(job)).toBe(true);
    await store.put(sourceKey(job), 'a video', 'video/mp4');
  }
  await system.createJob({}, accepted);
  // Of a job that Redis does not know any more.
  await store.put(resultKey(forgotten), '{}', 'application/json');
  expect(await noted()).toEqual([lost, forgotten]);
  await sweepAfter(BUDGET_MS - 30_000);
  expect([await isThere(sourceKey(lost)), await noted()]).toEqual([true, [lost, forgotten]]);
  await sweepAfter(BUDGET_MS + 30_000);
  const left = await Promise.all([lost, accepted, forgotten].map((job) => isThere(sourceKey(job))));
  expect([left, await noted()]).toEqual([[false, true, true], []]);
  expect((await records.read(accepted))?.status).toBe('queued');
  // Whoever had lost sight of Redis in the meantime comes too late.
  expect(await arrivals.note(lost)).toBe(false);
  await expect(system.createJob({}, lost)).rejects.toMatchObject({ code: 'gone' });
});

it('so does what has come of a video that a killed process was sending', async () => {
  const { store, connection } = system;
  const job = mintJobId();
  await connection.arrivals.note(job);
  const upload = await store.parts.begin(sourceKey(job));
  await sweepAfter(BUDGET_MS + 30_000);
  expect([await store.parts.stored(upload), await connection.arrivals.note(job)]).toEqual([null, false]);
});

it('what was noted again since is still arriving', async () => {
  const { arrivals } = system.connection;
  const job = mintJobId();
  await arrivals.note(job);
  await arrivals.forget(job, 1);
  expect(await noted()).toEqual([job]);
  await sweepAfter(BUDGET_MS + 30_000);
  expect(await noted()).toEqual([]);
  // Nothing lay there: it may come yet.
  expect(await arrivals.note(job)).toBe(true);
  await arrivals.forget(job);
  expect(await noted()).toEqual([]);
});
