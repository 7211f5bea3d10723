import { setTimeout as pause } from 'node:timers/promises';
import { type FaultyLink, type RedisServer, startFaultyLink, startRedis, until } from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from './connect-queue.js';
import { connectTest } from './test-connection.js';
import { firstRun, someJob, somePrepare } from './test-jobs.js';

/**
 * Two seconds are promised; the rest is for a busy machine. Without a limit a call would fail only once Redis is back.
 */
const SOON_MS = 20_000;

describe('an outage of Redis', () => {
  let server: RedisServer;
  let link: FaultyLink;
  let direct: QueueConnection;
  let behindLink: QueueConnection;
  beforeEach(async () => {
    server = await startRedis();
    link = await startFaultyLink({ port: server.port });
    // Short locks: an entry whose taker never learned that it has it is taken over when its lock ends.
    direct = await connectTest(server, { lockDurationMs: 2_000 });
    behindLink = await connectTest(server, { url: `redis://127.0.0.1:${link.port}` });
  });
  afterEach(async () => {
    await direct.close();
    await behindLink.close();
    await link.stop();
    await server.stop();
  });

  it.each(['cut', 'stall'] as const)(
    'fails callers soon when the connection is %s, and is over when Redis is back',
    async (fault) => {
      const job = someJob();
      await behindLink.records.create(job);
      link[fault]();
      const calls = [
        () => behindLink.records.read(job.id),
        () => behindLink.records.create(someJob()),
        () => behindLink.redisHealth.check(),
        () => behindLink.queue.addFlow(somePrepare(firstRun(job))),
        () => behindLink.queue.depths(),
        () => behindLink.leases.withLease('sweep', 1, async () => undefined),
      ];
      const start = performance.now();
      for (const result of await Promise.allSettled(calls.map((call) => call()))) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'queue_unavailable', retryable: true } });
      }
      expect(performance.now() - start).toBeLessThan(SOON_MS);
      link.restore();
      await until('it answers again', () => behindLink.records.read(job.id));
      await behindLink.queue.addFlow(somePrepare(firstRun(job)));
      expect(await direct.queue.flowState(firstRun(job))).toBe('live');
    },
  );

  it('is not seen in a process that is late itself: the answers lie there', async () => {
    const jobs = Array.from({ length: 20 }, () => someJob());
    for (const job of jobs) await behindLink.records.create(job);
    const read = Promise.all(jobs.map(({ id }) => behindLink.records.read(id)));
    await new Promise(setImmediate);
    const late = performance.now() + 3_000;
    while (performance.now() < late);
    expect((await read).map((record) => record?.id)).toEqual(jobs.map(({ id }) => id));
  });

  it('does nothing later that it said had failed', async () => {
    link.cut();
    const job = someJob();
    await expect(behindLink.records.create(job)).rejects.toMatchObject({ code: 'queue_unavailable' });
    link.restore();
    await until('it answers again', () => behindLink.redisHealth.check().then(() => true));
    expect(await direct.records.read(job.id)).toBeNull();
  });

  it('costs no job when Redis is killed while stages run', async () => {
    const jobs = Array.from({ length: 6 }, () => someJob());
    for (const job of jobs) {
      await direct.records.create(job);
      await direct.queue.addFlow(somePrepare(firstRun(job)));
    }
    let started = 0;
    const workers = [
      direct.queue.workPrepare(
        async ({ payload }) => {
          started += 1;
          await pause(100);
          await direct.records.beginPrepare(payload);
        },
        { concurrency: 2 },
      ),
      direct.queue.workFinish(
        async ({ payload }) => {
          await direct.records.end(payload, { status: 'canceled' });
        },
        { concurrency: 2 },
      ),
    ];
    await until('stages run', () => started > 0);
    await server.kill9();
    await server.restart();
    await until('all jobs have ended', async () => {
      const records = await direct.records.readMany(jobs.map(({ id }) => id));
      return records.length === jobs.length && records.every(({ status }) => status === 'canceled');
    });
    await Promise.all(workers.map((worker) => worker.close(1_000)));
  });

  it('does not keep a worker from closing', async () => {
    await direct.queue.addFlow(somePrepare(firstRun(someJob())));
    const worker = behindLink.queue.workPrepare(() => new Promise(() => undefined), { concurrency: 1 });
    await until('the entry is held', () => worker.busy === 1);
    link.stall();
    const start = performance.now();
    await worker.close(100);
    expect(performance.now() - start).toBeLessThan(SOON_MS);
  });

  it('lets nobody miss a change that came while the subscription was cut', async () => {
    const [ended, changed, quiet] = [someJob(), someJob(), someJob()];
    for (const job of [ended, changed, quiet]) await direct.records.create(job);
    const changes = await behindLink.openChanges();
    const waits = [
      changes.waitForEnd(ended.id, 30_000),
      changes.waitForChange(changed.id, 30_000),
      changes.waitForEnd(quiet.id, 30_000),
    ];
    link.cut();
    await direct.records.end(firstRun(ended), { status: 'canceled' });
    await direct.records.beginPrepare(firstRun(changed));
    link.restore();
    expect(await waits[0]).toBe('canceled');
    expect(await waits[1]).toBe('preparing');
    await direct.records.end(firstRun(quiet), { status: 'canceled' });
    expect(await waits[2]).toBe('canceled');
    await changes.close();
  });
});
