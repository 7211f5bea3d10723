import { COMPARISONS_KEPT, type Comparison, type JobRun } from '@styleflow/contracts';
import { askRedis, type RedisAnswer, type RedisServer, readAllRedis, startRedis } from '@styleflow/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import { SHADOW_LIMITS } from '../ports/shadow-runs.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someJob } from '../test-jobs.js';

const VERDICT = { label: 'fake', score: 0.9, threshold: 0.5 } as const;
const OPTIONS = { forMs: 60_000, keepCrops: false };
const FAILED = { status: 'failed', error: { code: 'media_corrupt', message: 'x' } } as const;

let server: RedisServer;
let connection: QueueConnection;
/** Two shadows of each test's own, by 12 digits. */
let one: string;
let two: string;
let tests = 0;
beforeAll(async () => {
  server = await startRedis();
  connection = await connectTest(server);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});
beforeEach(() => {
  tests += 1;
  [one, two] = ['a', 'b'].map((first) => first + String(tests).padStart(11, '0')) as [string, string];
});

async function heldRun(shadows: readonly string[], { clips = 2, options = OPTIONS } = {}): Promise<JobRun> {
  const run = firstRun(await connection.records.create(someJob()));
  await connection.records.beginPrepare(run);
  expect(await connection.shadows.hold(run, shadows, options)).toBe(true);
  if (clips > 0) expect(await connection.shadows.keepClips(run, clips)).toBe(true);
  return run;
}
const succeed = (run: JobRun): Promise<boolean> =>
  connection.records.end(run, { status: 'succeeded', verdict: VERDICT });
const comparisonOf = (run: JobRun, score = 0.1): Comparison => ({
  ...{ ...run, at: 1 },
  shadow: { label: 'real', score },
  served: [{ bundle: 'served@000000000000', verdict: { label: 'fake', score: 0.9 } }],
});

const redisCall = (...command: string[]): Promise<RedisAnswer> => askRedis(server.port, command);
/** As if its worker had been lost a minute ago. */
const expireLease = ({ job, run }: JobRun): Promise<RedisAnswer> =>
  redisCall('ZADD', `{styleflow}/shadows/offered/${one}`, '1', `${job}.${run}`);

describe('runs for shadows', () => {
  it('are offered with the success of their job, to each shadow once, and may go when all have scored', async () => {
    const { shadows } = connection;
    const run = await heldRun([one, two]);
    expect(await shadows.take(one)).toBeNull();
    await succeed(run);
    expect(await shadows.take(one)).toEqual(run);
    expect(await shadows.take(one)).toBeNull();
    expect(await shadows.renew({ ...run, bundle: one })).toBe(true);
    expect(await shadows.noteScored({ ...run, bundle: one })).toBe(false);
    expect(await shadows.take(two)).toEqual(run);
    expect(await shadows.noteScored({ ...run, bundle: two })).toBe(true);
    expect(await shadows.noteScored({ ...run, bundle: two })).toBe(true);
    expect(await shadows.scored(10)).toEqual([one, two].map((bundle) => ({ ...run, bundle })));
    expect(await shadows.noteCompared({ ...run, bundle: one }, comparisonOf(run))).toBe(true);
    expect(await shadows.isHeld(run)).toBe(true);
    expect(await shadows.noteCompared({ ...run, bundle: two }, null)).toBe(true);
    expect([await shadows.isHeld(run), await shadows.scored(10)]).toEqual([false, []]);
    expect(await shadows.state(one)).toMatchObject({ comparisons: [comparisonOf(run)], waiting: 0 });
    expect((await shadows.state(two)).missed).toEqual({ skipped: 0, expired: 0, incomplete: 1 });
  });

  it('are let go when their job ends otherwise, or has no clip, and are held only for a job that is wanted', async () => {
    const { shadows, records } = connection;
    const failing = await heldRun([one]);
    await records.end(failing, FAILED);
    const empty = await heldRun([one], { clips: 0 });
    await succeed(empty);
    expect([await shadows.isHeld(failing), await shadows.isHeld(empty), await shadows.take(one)]).toEqual([
      false,
      false,
      null,
    ]);
    expect(await shadows.hold(failing, [one], OPTIONS)).toBe(false);
  });

  it('fall to the next worker when a lease ends, and are given up when they have cost too many', async () => {
    const { shadows } = connection;
    const run = await heldRun([one]);
    await succeed(run);
    for (let takes = 0; takes < 2 * SHADOW_LIMITS.takes; takes += 1) {
      expect(await shadows.take(one)).toEqual(run);
      await shadows.handBack({ ...run, bundle: one });
    }
    for (let takes = 0; takes < SHADOW_LIMITS.takes; takes += 1) {
      expect(await shadows.take(one)).toEqual(run);
      await expireLease(run);
    }
    expect(await shadows.take(one)).toBeNull();
    expect(await shadows.scored(10)).toContainEqual({ ...run, bundle: one });
    await shadows.letGo(run);
  });

  it('end at their deadline, and nobody takes or renews them any more', async () => {
    const { shadows } = connection;
    const late = await heldRun([one], { options: { forMs: -1, keepCrops: false } });
    const inTime = await heldRun([one]);
    await succeed(late);
    await succeed(inTime);
    expect(await shadows.overdue(10)).toEqual([late]);
    expect(await shadows.take(one)).toEqual(inTime);
    expect(await shadows.renew({ ...late, bundle: one })).toBe(false);
    expect(await shadows.letGo(late)).toBe(true);
    expect(await shadows.overdue(10)).toEqual([]);
    expect((await shadows.state(one)).missed).toEqual({ skipped: 0, expired: 1, incomplete: 0 });
    await shadows.letGo(inTime);
  });

  it('leave the pixels of a job that keeps them', async () => {
    const { shadows } = connection;
    const run = await heldRun([one], { options: { ...OPTIONS, keepCrops: true } });
    await succeed(run);
    expect(await shadows.noteScored({ ...run, bundle: one })).toBe(false);
    expect(await shadows.letGo(run)).toBe(false);
  });

  it('are no more than there is room for, all together and of one job', async () => {
    const { shadows } = connection;
    const long = await heldRun([one]);
    expect(await shadows.keepClips(long, SHADOW_LIMITS.clipsOfRun + 1)).toBe(false);
    expect(await shadows.isHeld(long)).toBe(false);
    const runs: JobRun[] = [];
    for (let clips = 0; clips < SHADOW_LIMITS.clips; clips += SHADOW_LIMITS.clipsOfRun) {
      runs.push(await heldRun([one], { clips: SHADOW_LIMITS.clipsOfRun }));
    }
    const more = firstRun(await connection.records.create(someJob()));
    expect(await shadows.hold(more, [one], OPTIONS)).toBe(false);
    expect((await shadows.state(one)).missed.skipped).toBe(2);
    for (const run of runs) await shadows.letGo(run);
    expect(await shadows.hold(more, [one], OPTIONS)).toBe(true);
    await shadows.letGo(more);
  });

  it('go with their job, as what was compared does, and leave nothing behind', async () => {
    const { shadows, records } = connection;
    const compared = await heldRun([one]);
    await succeed(compared);
    await shadows.noteScored({ ...compared, bundle: one });
    await shadows.noteCompared({ ...compared, bundle: one }, comparisonOf(compared));
    const waiting = await heldRun([one]);
    await succeed(waiting);
    expect(await shadows.state(one)).toMatchObject({ comparisons: [{}], waiting: 1 });
    for (const { job } of [compared, waiting]) await records.bury(job);
    expect(await shadows.state(one)).toMatchObject({ comparisons: [], waiting: 0 });
    // A comparison that comes late is of nothing.
    await shadows.noteCompared({ ...compared, bundle: one }, comparisonOf(compared));
    expect((await shadows.state(one)).comparisons).toEqual([]);
    expect(JSON.stringify(await readAllRedis(server.port))).not.toContain(`shadows/compared/${one}`);
  });

  it('have comparisons of the latest jobs alone, one of each', async () => {
    const { shadows } = connection;
    const run = await heldRun([one]);
    await succeed(run);
    for (const score of [0.1, 0.2]) await shadows.noteCompared({ ...run, bundle: one }, comparisonOf(run, score));
    expect((await shadows.state(one)).comparisons).toEqual([comparisonOf(run, 0.2)]);
    const members = Array.from({ length: COMPARISONS_KEPT }, (_, at) => [at, `job_${at}`]).flat();
    await redisCall('ZADD', `{styleflow}/shadows/compared/${one}/at`, ...members.map(String));
    await shadows.noteCompared({ ...run, bundle: one }, comparisonOf(run, 0.3));
    expect(await redisCall('ZCARD', `{styleflow}/shadows/compared/${one}/at`)).toBe(COMPARISONS_KEPT);
    expect((await shadows.state(one)).comparisons).toEqual([comparisonOf(run, 0.3)]);
    await shadows.letGo(run);
  });
});
