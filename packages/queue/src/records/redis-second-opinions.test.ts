import { digest12 } from '@styleflow/contracts';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { JudgedRun } from '../ports/second-opinions.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someBundle, someJob } from '../test-jobs.js';

let server: RedisServer;
let connection: QueueConnection;
beforeAll(async () => {
  server = await startRedis();
  connection = await connectTest(server);
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

async function unfinished(): Promise<JudgedRun[]> {
  const found: JudgedRun[] = [];
  for await (const page of connection.opinions.unfinished()) found.push(...page);
  return found;
}

describe('second opinions', () => {
  it('know the jobs with several bundles from their creation to their end, and again when they run again', async () => {
    const { records, opinions } = connection;
    const bundles = [someBundle('one'), someBundle('two')];
    const places = bundles.map(({ digest }) => digest12(digest));
    await records.create(someJob());
    const job = await records.create(someJob({ bundles }));
    expect(job.bundles).toEqual(bundles);
    const waiting = { ...firstRun(job), bundles: places, leftOut: [], startedAt: null };
    expect(await unfinished()).toEqual([waiting]);
    await records.beginPrepare(firstRun(job));
    for (const place of [places[1], places[1], places[0]]) {
      expect(await opinions.leaveOut(firstRun(job), place ?? '')).toBe(true);
    }
    expect((await records.read(job.id))?.leftOut).toEqual([places[1], places[0]]);
    await records.end(firstRun(job), { status: 'failed', error: { code: 'inference_failed', message: 'none' } });
    expect(await unfinished()).toEqual([]);
    expect(await opinions.leaveOut(firstRun(job), places[0] ?? '')).toBe(false);
    expect((await records.startRetry(job.id))?.leftOut).toBeUndefined();
    expect(await unfinished()).toEqual([{ ...waiting, run: 2 }]);
    await records.bury(job.id);
    expect(await unfinished()).toEqual([]);
  });

  it('know since when a bundle has been seen without workers', async () => {
    const { opinions, clock } = connection;
    const before = Math.round(await clock.now());
    const since = (await opinions.noteAbsent([], ['aaaaaaaaaaaa'])).get('aaaaaaaaaaaa') ?? 0;
    expect(since).toBeGreaterThanOrEqual(before);
    expect((await opinions.noteAbsent(['bbbbbbbbbbbb'], ['aaaaaaaaaaaa'])).get('aaaaaaaaaaaa')).toBe(since);
    expect(await opinions.noteAbsent(['aaaaaaaaaaaa'], [])).toEqual(new Map());
    await clock.now();
    const anew = (await opinions.noteAbsent([], ['aaaaaaaaaaaa'])).get('aaaaaaaaaaaa') ?? 0;
    expect(anew).toBeGreaterThanOrEqual(since);
  });
});
