import { createLogger } from '@styleflow/runtime';
import { type RedisSentinel, startRedisSentinel, until } from '@styleflow/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { connectQueue, type QueueConnection } from '../connect-queue.js';
import { firstRun, someJob, somePrepare } from '../test-jobs.js';

describe('Redis behind a sentinel', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function connect(sentinel: RedisSentinel, login: string, sentinelPassword?: string): Promise<QueueConnection> {
    closers.push(() => sentinel.stop());
    const connection = await connectQueue(
      {
        STYLEFLOW_REDIS_URL: `redis-sentinel://${login}127.0.0.1:${sentinel.port}/main`,
        STYLEFLOW_REDIS_SENTINEL_PASSWORD: sentinelPassword,
        STYLEFLOW_LOCK_SECONDS: 2,
        STYLEFLOW_OUTAGE_BUDGET_MINUTES: 15,
        STYLEFLOW_OWNER_WEIGHTS: new Map(),
        STYLEFLOW_MAX_QUEUED_JOBS: 100,
      },
      { logger: createLogger('queue-test', 'silent') },
    );
    closers.push(() => connection.close());
    return connection;
  }

  it('goes on with the next primary when one dies: for callers, for workers and for who waits', async () => {
    const sentinel = await startRedisSentinel();
    const connection = await connect(sentinel, '');
    const { records, queue } = connection;
    const changes = await connection.openChanges();
    closers.push(() => changes.close());
    const worker = queue.workPrepare(
      async ({ payload }) => {
        await records.end(payload, { status: 'canceled' });
      },
      { concurrency: 1 },
    );
    closers.push(() => worker.close(0));
    const before = someJob();
    await records.create(before);
    await queue.addFlow(somePrepare(firstRun(before)));
    await until('the first job has ended', async () => (await records.read(before.id))?.status === 'canceled');
    await sentinel.killPrimary();
    const after = someJob();
    await until('a job is accepted again', () => records.create(after));
    const ended = changes.waitForEnd(after.id, 60_000);
    await queue.addFlow(somePrepare(firstRun(after)));
    expect(await ended).toBe('canceled');
    expect((await records.read(before.id))?.status).toBe('canceled');
  });

  it('is reached when Redis asks for a password and the sentinel does not', async () => {
    const { redisHealth } = await connect(await startRedisSentinel({ password: 'p4ss' }), ':p4ss@');
    await redisHealth.check();
  });

  it('is reached when both ask for a password, each for its own', async () => {
    const sentinel = await startRedisSentinel({ password: 'p4ss', sentinelPassword: 'w0rd' });
    const { redisHealth } = await connect(sentinel, ':p4ss@', 'w0rd');
    await redisHealth.check();
  });
});
