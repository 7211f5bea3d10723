import { type RedisServer, startRedis, until } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { JobChanges } from '../ports/job-changes.js';
import { recordKeys } from '../redis/record-keys.js';
import { connectTest, quietLogger } from '../test-connection.js';
import { firstRun, someJob } from '../test-jobs.js';
import { openJobChanges } from './redis-job-changes.js';

describe('waiting for changes', () => {
  let server: RedisServer;
  let connection: QueueConnection;
  let changes: JobChanges;
  beforeAll(async () => {
    server = await startRedis();
    connection = await connectTest(server);
    changes = await connection.openChanges();
  });
  afterAll(async () => {
    await changes.close();
    await connection.close();
    await server.stop();
  });

  it('tells the next change of the one job, and its end to those who wait for that', async () => {
    const { records } = connection;
    const [job, other] = [someJob(), someJob()];
    const created = [changes.waitForChange(job.id, 10_000), changes.waitForChange(other.id, 10_000)];
    await records.create(job);
    await records.create(other);
    expect(await Promise.all(created)).toEqual(['queued', 'queued']);
    const next = changes.waitForChange(job.id, 10_000);
    const end = changes.waitForEnd(job.id, 10_000);
    const none = changes.waitForChange(other.id, 50);
    await records.beginPrepare(firstRun(job));
    expect(await next).toBe('preparing');
    expect(await none).toBeNull();
    await records.reportProgress(firstRun(job), { framesDecoded: 1 });
    await records.requestCancel(job.id);
    await records.end(firstRun(job), { status: 'canceled' });
    expect(await end).toBe('canceled');
    expect(changes.waiters).toBe(0);
  });

  it('tells the end of a job that is buried unfinished', async () => {
    const job = someJob();
    await connection.records.create(job);
    const end = changes.waitForEnd(job.id, 10_000);
    await connection.records.bury(job.id);
    expect(await end).toBe('canceled');
  });

  it('lets go on abort and after its time, and keeps nothing', async () => {
    const controller = new AbortController();
    const job = someJob();
    const waits = [
      changes.waitForChange(job.id, 60_000, controller.signal),
      changes.waitForEnd(job.id, 10),
      changes.waitForEnd(job.id, 60_000, AbortSignal.abort()),
    ];
    controller.abort();
    expect(await Promise.all(waits)).toEqual([null, null, null]);
    expect(changes.waiters).toBe(0);
  });

  it('holds two thousand waiters on one connection and wakes each', async () => {
    const { records } = connection;
    const jobs = Array.from({ length: 200 }, () => someJob());
    await Promise.all(jobs.map((job) => records.create(job)));
    const raw = new Redis(server.url);
    const clients = async () => Number(/connected_clients:(\d+)/.exec(await raw.info('clients'))?.[1]);
    const before = await clients();
    const ends = jobs.flatMap(({ id }) => Array.from({ length: 10 }, () => changes.waitForEnd(id, 30_000)));
    expect(changes.waiters).toBe(2_000);
    expect(await clients()).toBe(before);
    await Promise.all(jobs.map((job) => records.end(firstRun(job), { status: 'canceled' })));
    expect(new Set(await Promise.all(ends))).toEqual(new Set(['canceled']));
    expect(changes.waiters).toBe(0);
    raw.disconnect();
  });

  it('refuses more waiters than it may hold', async () => {
    const [subscriber, commands] = [new Redis(server.url), new Redis(server.url)];
    const capped = await openJobChanges(subscriber, commands, quietLogger, 2);
    const job = someJob();
    const waits = [capped.waitForEnd(job.id, 60_000), capped.waitForEnd(job.id, 60_000)];
    await expect(capped.waitForChange(job.id, 60_000)).rejects.toMatchObject({ code: 'rate_limited' });
    await capped.close();
    expect(await Promise.all(waits)).toEqual([null, null]);
    commands.disconnect();
  });

  it('gives a lease to one at a time, and to the next after it', async () => {
    const other = await connectTest(server);
    let isHeld = false;
    let release = (): void => undefined;
    // The lease is renewed after a third of its seconds. The rest is for a busy machine.
    const first = connection.leases.withLease('sweep', 6, async () => {
      isHeld = true;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    await until('the lease is held', () => isHeld);
    let overlapped = false;
    const meanwhile = async (): Promise<void> => {
      overlapped = true;
    };
    const raw = new Redis(server.url);
    let shortest = Number.POSITIVE_INFINITY;
    await until('the lease is renewed', async () => {
      const left = await raw.pttl(recordKeys.lease('sweep'));
      const isRenewed = left > shortest;
      shortest = Math.min(shortest, left);
      return isRenewed;
    });
    raw.disconnect();
    expect(await other.leases.withLease('sweep', 1, meanwhile)).toBe(false);
    expect(await other.leases.withLease('another', 1, async () => undefined)).toBe(true);
    expect(overlapped).toBe(false);
    release();
    expect(await first).toBe(true);
    await expect(
      other.leases.withLease('sweep', 60, async () => {
        throw new Error('the task failed');
      }),
    ).rejects.toThrow('the task failed');
    expect(await connection.leases.withLease('sweep', 1, meanwhile)).toBe(true);
    expect(overlapped).toBe(true);
    await other.close();
  });
});
