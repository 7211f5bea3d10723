import { entryId, JobError, type JobRun, type PreparePayload } from '@styleflow/contracts';
import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { ChildFailures, StageHandler, StageWorker } from '../ports/job-queue.js';
import { describeStageWorker } from '../ports/stage-worker.cases.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someJob, somePrepare } from '../test-jobs.js';
import { openBullmqFixture } from './test-bullmq-fixture.js';

describeStageWorker('BullMQ', openBullmqFixture);

describe('what BullMQ keeps of an entry that failed', () => {
  let server: RedisServer;
  let connection: QueueConnection;
  let raw: Redis;
  let workers: StageWorker[];
  let run: JobRun;

  beforeAll(async () => {
    server = await startRedis();
    connection = await connectTest(server);
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
    await server.stop();
  });

  function workPrepare(handler: StageHandler<PreparePayload>): StageWorker {
    const worker = connection.queue.workPrepare(handler, { concurrency: 1 });
    workers.push(worker);
    return worker;
  }

  async function startFinish(): Promise<ChildFailures[]> {
    const seen: ChildFailures[] = [];
    workers.push(
      connection.queue.workFinish(
        async ({ payload }) => {
          seen.push(await connection.queue.childFailures(payload));
        },
        { concurrency: 1 },
      ),
    );
    return seen;
  }

  it('never starts a fault of the input again, and treats a foreign error as internal', async () => {
    const finishes = await startFinish();
    workPrepare(async () => {
      throw new JobError('media_no_video', 'sound only');
    });
    await connection.queue.addFlow(somePrepare(run));
    await until('finish has run', () => finishes[0]);
    expect(finishes[0]?.prepare).toMatchObject({ code: 'media_no_video', message: 'sound only', retryable: false });
    const entry: Record<string, string> = await raw.hgetall(`{styleflow}:prepare:${entryId.prepare(run)}`);
    expect(entry).toMatchObject({ failedReason: 'media_no_video!: sound only', atm: '1' });
    // A line for the operator, and no stack.
    expect(JSON.parse(entry.stacktrace ?? '')).toEqual([
      expect.stringMatching(/Z \S+:\d+ media_no_video!: sound only$/),
    ]);
  });

  it('refuses a payload that is none without running it', async () => {
    const queue = new Queue('prepare', { connection: { url: server.url }, prefix: '{styleflow}' });
    let started = 0;
    workPrepare(async () => {
      started += 1;
    });
    await queue.add('prepare', { v: 1, job: 'nonsense' }, { jobId: entryId.prepare(run), attempts: 4, priority: 5 });
    const failed = await until('it has failed', async () => {
      const [entry] = await queue.getFailed();
      return entry?.id === entryId.prepare(run) ? entry : null;
    });
    expect(failed.failedReason).toMatch(/^internal!: /);
    expect(failed.attemptsMade).toBe(1);
    expect(started).toBe(0);
    await queue.close();
  });
});
