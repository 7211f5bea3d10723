import { entryId, JOB_CATALOG, JobError, type JobRun, type PreparePayload } from '@styleflow/contracts';
import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { StageHandler, StageWorker, SurroundingChecks } from '../ports/job-queue.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someJob, somePrepare } from '../test-jobs.js';

let server: RedisServer;
let connection: QueueConnection;
/** With a budget of 1.2 seconds. */
let impatient: QueueConnection;
let raw: Redis;
let workers: StageWorker[];
let run: JobRun;

beforeAll(async () => {
  server = await startRedis();
  connection = await connectTest(server);
  impatient = await connectTest(server, { outageBudgetMinutes: 0.02 });
  raw = new Redis(server.url);
});
beforeEach(() => {
  workers = [];
  run = firstRun(someJob());
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close(0)));
  await connection.queue.removeEntries(run);
});
afterAll(async () => {
  raw.disconnect();
  await connection.close();
  await impatient.close();
  await server.stop();
});

function work(
  handler: StageHandler<PreparePayload>,
  { checks = {}, by = connection }: { checks?: SurroundingChecks; by?: QueueConnection } = {},
): StageWorker {
  const worker = by.queue.workPrepare(handler, { concurrency: 1, checks });
  workers.push(worker);
  return worker;
}

const readEntry = (): Promise<Record<string, string>> => raw.hgetall(`{styleflow}:prepare:${entryId.prepare(run)}`);
const gone = (message = 'answered 503'): JobError => new JobError('storage_unavailable', message);

describe('while something is away that an entry has no part in', () => {
  it('the entry waits, spends no attempt however often it fails, and ends well once it is back', async () => {
    let fails = 3;
    let ended = 0;
    work(async () => {
      fails -= 1;
      if (fails >= 0) throw gone();
      ended += 1;
    });
    await connection.queue.addFlow(somePrepare(run));
    await until('it has ended', () => ended === 1);
    await until('it is told to have ended', async () => (await readEntry()).finishedOn !== undefined);
    const entry = await readEntry();
    expect(JSON.parse(entry.data ?? '')).toMatchObject({ job: run.job, waited: { away: 'store', times: 3 } });
    expect([entry.failedReason, entry.ats]).toEqual([undefined, '4']);
    // BullMQ counts the one that ended.
    expect(entry.atm).toBe('1');
  });

  it('the entry is not begun before its check passes', async () => {
    let isAway = true;
    let looks = 0;
    let starts = 0;
    const checks = {
      store: async () => {
        looks += 1;
        if (isAway) throw gone();
      },
    };
    work(
      async () => {
        starts += 1;
        if (starts === 1) throw gone();
      },
      { checks },
    );
    await connection.queue.addFlow(somePrepare(run));
    await until('it was looked for twice', () => looks >= 2);
    expect(starts).toBe(1);
    isAway = false;
    await until('it starts again', () => starts === 2);
  });

  it('it fails after the budget, by the name of what it waited for', async () => {
    const finals: (string | null)[] = [];
    const started = performance.now();
    work(
      async ({ finalError }) => {
        finals.push(finalError(gone())?.message ?? null);
        throw gone();
      },
      { by: impatient },
    );
    await connection.queue.addFlow(somePrepare(run));
    const reason = await until('it has failed', async () => (await readEntry()).failedReason);
    expect(reason).toBe(
      'storage_unavailable!: The job waited for the object store for more than 0.02 minutes: answered 503',
    );
    expect(performance.now() - started).toBeGreaterThan(1_200);
    expect(finals.at(0)).toBeNull();
    expect(finals.at(-1)).toContain('waited for the object store');
  });

  it('a second outage, after the first was over, has a budget of its own', async () => {
    const since = Date.now() - 3_600_000;
    let starts = 0;
    const checks = { store: async () => undefined };
    work(
      async () => {
        starts += 1;
        if (starts === 1) throw gone();
      },
      { by: impatient, checks },
    );
    const waited = { away: 'store', since, times: 2 };
    await connection.queue.addFlow({ ...somePrepare(run), waited } as PreparePayload);
    await until('it starts again', () => starts === 2);
    expect((await readEntry()).failedReason).toBeUndefined();
  });
});

describe('where entries queue for longer than an outage may last', () => {
  it('an entry that meets a second outage at its second start does not fail, since others got through between', async () => {
    const other = firstRun(someJob());
    let outages = 0;
    let done = 0;
    const checks = {
      store: async () => {
        outages += 1;
        if (outages === 1) throw gone();
      },
    };
    work(
      async () => {
        done += 1;
      },
      { by: impatient, checks },
    );
    await connection.queue.addFlow(somePrepare(other));
    await until('another one got through', () => done === 1);
    // Aside since the first outage, an hour ago.
    const waited = { away: 'store', since: Date.now() - 3_600_000, times: 1 };
    await connection.queue.addFlow({ ...somePrepare(run), waited } as PreparePayload);
    await until('it got through, too', () => done === 2);
    expect(outages).toBe(2);
    await connection.queue.removeEntries(other);
  });
});

describe('a worker that is itself at fault', () => {
  const full = (): JobError => new JobError('internal', 'The scratch disk is full.', { away: 'scratch' });

  it('hands its entry to another one without an attempt, takes nothing more, says why, and goes on when it is well', async () => {
    let isFull = true;
    const seen: string[] = [];
    const checks = {
      scratch: async () => {
        if (isFull) throw full();
      },
    };
    const faulty = work(
      async () => {
        seen.push('faulty');
        if (isFull) throw full();
      },
      { checks },
    );
    await connection.queue.addFlow(somePrepare(run));
    await until('it is at fault', () => faulty.fault !== null && faulty.busy === 0);
    expect(faulty.fault).toMatchObject({ away: 'scratch', message: 'The scratch disk is full.' });
    const others = [firstRun(someJob()), firstRun(someJob())];
    for (const other of others) await connection.queue.addFlow(somePrepare(other));
    work(async () => {
      seen.push('sound');
    });
    await until('the other one did the work', () => seen.length === 4);
    expect(seen).toEqual(['faulty', 'sound', 'sound', 'sound']);
    expect((await readEntry()).failedReason).toBeUndefined();
    isFull = false;
    await until('it is well', () => faulty.fault === null);
    await workers[1]?.close(0);
    await connection.queue.removeEntries(run);
    run = firstRun(someJob());
    await connection.queue.addFlow(somePrepare(run));
    await until('it works again', () => seen.length === 5);
    expect(seen.at(-1)).toBe('faulty');
    for (const other of others) await connection.queue.removeEntries(other);
  });
});

describe('an entry of a newer version', () => {
  it('waits for a newer worker and is not failed', async () => {
    const queue = new Queue('prepare', { connection: { url: server.url }, prefix: '{styleflow}' });
    let starts = 0;
    work(async () => {
      starts += 1;
    });
    const id = entryId.prepare(run);
    const newer = { v: JOB_CATALOG.prepare.version + 1, ...run, news: true };
    await queue.add('prepare', newer, { jobId: id, attempts: 4, priority: 5 });
    await until('it is put aside', async () => (await queue.getJobState(id)) === 'delayed');
    const entry = await readEntry();
    expect([starts, entry.failedReason, entry.atm ?? '0']).toEqual([0, undefined, '0']);
    expect(JSON.parse(entry.data ?? '')).toEqual(newer);
    await queue.close();
  });
});

describe('an entry of the version before', () => {
  it('is worked on, without the source that it still holds', async () => {
    const queue = new Queue('prepare', { connection: { url: server.url }, prefix: '{styleflow}' });
    const seen: unknown[] = [];
    work(async ({ payload }) => void seen.push(payload));
    const payload = { ...somePrepare(run), v: 1, source: { type: 'url', url: 'https://a.example/v.mp4?token=x' } };
    await queue.add('prepare', payload, { jobId: entryId.prepare(run), attempts: 4, priority: 5 });
    await until('it ends', async () => (await readEntry()).finishedOn !== undefined);
    expect(seen).toEqual([{ ...somePrepare(run), v: 1 }]);
    const shown = await connection.inspector.entry('prepare', entryId.prepare(run));
    expect([shown?.payloadProblem, JSON.stringify(shown?.payload).includes('a.example')]).toEqual([null, false]);
    await queue.close();
  });
});

describe('a lock that is lost while its worker lives', () => {
  it('does not count as a lost worker, however often Redis was away for longer than the lock', async () => {
    const hasty = await connectTest(server, { lockDurationMs: 1_600 });
    let starts = 0;
    work(
      async ({ signal }) => {
        starts += 1;
        if (starts > 5) return;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      },
      { by: hasty },
    );
    const key = `{styleflow}:prepare:${entryId.prepare(run)}`;
    await connection.queue.addFlow(somePrepare(run));
    for (let round = 1; round <= 5; round++) {
      await until(`start ${round}`, () => starts === round);
      await raw.del(`${key}:lock`);
    }
    await until('it ends', async () => (await readEntry()).finishedOn !== undefined);
    const entry = await readEntry();
    expect([starts, entry.failedReason]).toEqual([6, undefined]);
    expect(Number(entry.stc)).toBeLessThanOrEqual(1);
    await Promise.all(workers.splice(0).map((worker) => worker.close(0)));
    await hasty.close();
  });
});
