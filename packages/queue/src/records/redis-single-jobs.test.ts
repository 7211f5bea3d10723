import type { JobId } from '@styleflow/contracts';
import { mintJobId } from '@styleflow/contracts';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { JobRecord, NewJob } from '../ports/job-record.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someJob } from '../test-jobs.js';

const FAILED = { status: 'failed', error: { code: 'internal', message: 'for a test' } } as const;

describe('the window of an owner’s single jobs', () => {
  let server: RedisServer;
  let raw: Redis;
  let connection: QueueConnection;
  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
    connection = await connectTest(server, { maxQueued: 10_000 });
  });
  beforeEach(async () => {
    await raw.flushall();
    await connection.singles.setWindow({ jobs: 3, clips: 10 });
  });
  afterAll(async () => {
    raw.disconnect();
    await connection.close();
    await server.stop();
  });

  const create = (owner = 'anna', changes: Partial<NewJob> = {}): Promise<JobRecord> =>
    connection.records.create(someJob({ id: mintJobId(), owner, ...changes }));
  const urgent = (priority: number): Partial<NewJob> => ({ options: { ...someJob().options, priority } });
  async function many(count: number, owner?: string): Promise<JobRecord[]> {
    const records: JobRecord[] = [];
    for (let made = 0; made < count; made += 1) records.push(await create(owner));
    return records;
  }
  /** What the admission does for each. */
  async function admit(owner: string, count: number): Promise<JobId[]> {
    const ids = await connection.singles.next(owner, count);
    for (const id of ids) await connection.singles.admitted(owner, id);
    return ids;
  }
  const waitingOf = async (owner: string) => (await connection.singles.waiting()).find((each) => each.owner === owner);

  it('takes so many at once, and has the others wait without an entry', async () => {
    const records = await many(5);
    expect(records.map(({ isWaiting }) => isWaiting)).toEqual([false, false, false, true, true]);
    expect(await connection.singles.waiting()).toEqual([
      { owner: 'anna', waiting: 2, open: 3, unscoredClips: 0, priority: 5 },
    ]);
    expect((await create('bert')).isWaiting).toBe(false);
    // The sweep gives no entries to what waits.
    const seen: JobId[] = [];
    for await (const runs of connection.lists.unfinished()) seen.push(...runs.map(({ job }) => job));
    expect(seen).toHaveLength(4);
  });

  it('lets in the most urgent first, then the oldest, as places come free', async () => {
    const [first] = await many(3);
    const [low, plain, high] = [await create('anna', urgent(1)), await create(), await create('anna', urgent(9))];
    await connection.records.end(firstRun(first ?? expect.fail()), FAILED);
    expect(await waitingOf('anna')).toMatchObject({ waiting: 3, open: 2, priority: 9 });
    expect(await admit('anna', 1)).toEqual([high.id]);
    expect(await admit('anna', 5)).toEqual([plain.id, low.id]);
    expect(await connection.singles.waiting()).toEqual([]);
    expect((await connection.records.read(low.id))?.isWaiting).toBe(false);
  });

  it('overtakes nobody who waits already, even when there is room', async () => {
    const [first] = await many(4);
    await connection.records.end(firstRun(first ?? expect.fail()), FAILED);
    expect((await create()).isWaiting).toBe(true);
  });

  it('is closed while the clips of its jobs pile up, and opens as they are scored', async () => {
    const job = await create();
    const run = firstRun(job);
    await connection.records.beginPrepare(run);
    await connection.records.reportProgress(run, { framesDecoded: 400, framesTotal: 400, clipsPlanned: 11 });
    expect((await create()).isWaiting).toBe(true);
    expect(await waitingOf('anna')).toMatchObject({ open: 1, unscoredClips: 11 });
    expect((await create('bert')).isWaiting).toBe(false);
    for (const clip of [0, 1]) await connection.records.countClip(run, 0, clip);
    expect(await waitingOf('anna')).toMatchObject({ unscoredClips: 9 });
    await connection.records.end(run, FAILED);
    expect(await waitingOf('anna')).toMatchObject({ open: 0, unscoredClips: 0 });
  });

  it('is left by what ends, is canceled or deleted, whether it waited or not', async () => {
    const [begun, waits, deleted] = await many(6).then((all) => [all[0], all[3], all[4]]);
    if (!begun || !waits || !deleted) return expect.fail();
    await connection.records.bury(deleted.id);
    expect(await connection.records.requestCancel(waits.id)).toMatchObject({ isWaiting: false });
    expect(await waitingOf('anna')).toMatchObject({ waiting: 1, open: 3 });
    await connection.records.end(firstRun(waits), { status: 'canceled' });
    await connection.records.bury(begun.id);
    expect(await waitingOf('anna')).toMatchObject({ waiting: 1, open: 2 });
  });

  it('is entered anew by a retry', async () => {
    const [failed] = await many(3);
    await connection.records.end(firstRun(failed ?? expect.fail()), FAILED);
    await many(1);
    expect(await connection.records.startRetry(failed?.id ?? expect.fail())).toMatchObject({ isWaiting: true, run: 2 });
  });

  it('tells whoever admits of each end for which somebody waits', async () => {
    const changes = await connection.openBatchChanges();
    const [first] = await many(4);
    const told = changes.waitForChange(null, 5_000);
    await connection.records.end(firstRun(first ?? expect.fail()), FAILED);
    expect(await told).toBe(true);
    await changes.close();
  });

  it('keeps five thousand jobs of one key out of the queues, and a key’s own counts right', async () => {
    const records: JobRecord[] = [];
    for (let from = 0; from < 5_000; from += 250) {
      records.push(...(await Promise.all(Array.from({ length: 250 }, () => create()))));
    }
    expect(records.filter(({ isWaiting }) => !isWaiting)).toHaveLength(3);
    expect(await waitingOf('anna')).toMatchObject({ waiting: 4_997, open: 3 });
    expect(await connection.lists.countUnfinished('anna')).toBe(5_000);
  });
});
