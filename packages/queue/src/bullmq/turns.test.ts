import { entryId, mintJobId } from '@styleflow/contracts';
import { type RedisServer, seededRandom, startRedis } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someJob, somePrepare } from '../test-jobs.js';

describe('turns', () => {
  let server: RedisServer;
  let raw: Redis;
  let connection: QueueConnection;
  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
    connection = await connectTest(server);
  });
  beforeEach(async () => {
    await raw.flushall();
  });
  afterAll(async () => {
    raw.disconnect();
    await connection.close();
    await server.stop();
  });

  const QUEUE = '{styleflow}:prepare';
  const names = new Map<string, string>();

  async function add(owner: string, priority = 5, ofBatch = false, by = connection): Promise<void> {
    const run = firstRun({ id: mintJobId() });
    names.set(entryId.prepare(run), `${owner}${ofBatch ? '-item' : ''}${priority}`);
    const options = { ...someJob().options, priority };
    await by.queue.addFlow(somePrepare(run, { owner, options, ...(ofBatch && { ofBatch }) }));
  }
  const addItem = (owner: string, priority = 5): Promise<void> => add(owner, priority, true);
  /** Who is taken next, as a worker takes entries. */
  async function take(): Promise<string> {
    const [id = ''] = await raw.zpopmin(`${QUEUE}:prioritized`);
    return names.get(id) ?? '';
  }
  async function takeAll(): Promise<string[]> {
    const order: string[] = [];
    for (let next = await take(); next !== ''; next = await take()) order.push(next);
    return order;
  }

  it('go from owner to owner, however many entries one has', async () => {
    for (let count = 0; count < 50; count += 1) await add('anna');
    for (let count = 0; count < 3; count += 1) await add('bert');
    const order = await takeAll();
    expect(order.slice(0, 7)).toEqual(['anna5', 'bert5', 'anna5', 'bert5', 'anna5', 'bert5', 'anna5']);
    expect(order).toHaveLength(53);
  });

  it('give an owner who weighs more so many entries in each turn', async () => {
    const weighted = await connectTest(server, { weights: new Map([['anna', 3]]) });
    try {
      for (let count = 0; count < 12; count += 1) await add('anna', 5, false, weighted);
      for (let count = 0; count < 4; count += 1) await add('bert', 5, false, weighted);
      const order = await takeAll();
      for (let turn = 0; turn < 4; turn += 1) {
        expect(order.slice(turn * 4, turn * 4 + 4).sort()).toEqual(['anna5', 'anna5', 'anna5', 'bert5']);
      }
    } finally {
      await weighted.close();
    }
  });

  it('make nobody wait for what another has had for long, and give nobody more for having waited', async () => {
    for (let count = 0; count < 100; count += 1) await add('anna');
    for (let count = 0; count < 60; count += 1) await take();
    await add('bert');
    await add('bert');
    expect([await take(), await take(), await take(), await take()]).toEqual(['anna5', 'bert5', 'anna5', 'bert5']);
  });

  it('count a priority within its owner alone: there 9 is first', async () => {
    for (const priority of [0, 5, 5]) await add('anna', priority);
    for (const priority of [3, 9, 5, 9]) await add('bert', priority);
    const order = await takeAll();
    expect(order.filter((name) => name.startsWith('anna'))).toEqual(['anna5', 'anna5', 'anna0']);
    expect(order.filter((name) => name.startsWith('bert'))).toEqual(['bert9', 'bert9', 'bert5', 'bert3']);
    expect(order.slice(0, 6).filter((name) => name.startsWith('anna'))).toHaveLength(3);
  });

  it('of an owner who keeps adding urgent ones cost another nothing', async () => {
    for (let count = 0; count < 10; count += 1) await add('bert', 1);
    await add('anna', 0);
    const order: string[] = [];
    for (let count = 0; count < 18; count += 1) {
      await add('anna', 9);
      order.push(await take());
    }
    expect(order.filter((name) => name === 'bert1').length).toBeGreaterThanOrEqual(8);
  });

  it('make a single job wait for nobody else’s batch, however many owners have one', async () => {
    for (const owner of ['anna', 'bert', 'cleo', 'dora'])
      for (let count = 0; count < 20; count += 1) await addItem(owner);
    for (let count = 0; count < 7; count += 1) await take();
    await add('emil');
    expect(await take()).toBe('emil5');
    // And those who come one after the other wait for each other alone.
    await add('finn');
    await add('gina');
    expect([await take(), await take()]).toEqual(['finn5', 'gina5']);
  });

  it('let an owner’s single job before the items of its own batch, which lose nothing to others by it', async () => {
    for (let count = 0; count < 10; count += 1) await addItem('anna');
    for (let count = 0; count < 10; count += 1) await addItem('bert');
    await add('anna');
    await add('anna', 4);
    const order = await takeAll();
    expect(order.slice(0, 4)).toEqual(['anna5', 'bert-item5', 'anna-item5', 'bert-item5']);
    expect(order.filter((name) => name.startsWith('anna')).at(-1)).toBe('anna4');
    expect(order.slice(0, 20).filter((name) => name.startsWith('bert'))).toHaveLength(10);
  });

  it('give single jobs that keep coming no more than their owner’s share', async () => {
    for (let count = 0; count < 30; count += 1) await addItem('bert');
    const order: string[] = [];
    for (let count = 0; count < 20; count += 1) {
      await add('anna');
      await add('anna');
      order.push(await take());
    }
    expect(order.filter((name) => name === 'bert-item5').length).toBeGreaterThanOrEqual(9);
  });

  it('begin anew when nobody waits', async () => {
    for (let count = 0; count < 5; count += 1) await add('anna');
    await takeAll();
    await raw.hset('{styleflow}/turns/prepare', 'at', 0);
    await add('anna');
    expect(await raw.hget('{styleflow}/turns/prepare', 'next:anna')).toBe('2');
    expect(await raw.keys('{styleflow}/turns/prepare/*')).toHaveLength(1);
  });

  it('go back before they reach the end of BullMQ’s priorities, in the same order', async () => {
    await add('anna');
    await raw.hset('{styleflow}/turns/prepare', { now: '999990', 'next:anna': '999995', 'next:bert': '999991' });
    await raw.zpopmin(`${QUEUE}:prioritized`);
    await raw.zadd(`${QUEUE}:delayed`, 1, 'keeps-the-turns');
    for (let count = 0; count < 10; count += 1) await add('anna');
    for (let count = 0; count < 3; count += 1) await add('bert');
    const scores = await raw.zrange(`${QUEUE}:prioritized`, 0, '-1', 'WITHSCORES');
    expect(Number(scores.at(-1)) / 2 ** 32).toBeLessThan(100);
    expect((await takeAll()).slice(0, 6)).toEqual(['anna5', 'bert5', 'anna5', 'bert5', 'anna5', 'bert5']);
  });

  it('share one queue fairly among ten owners whose work differs a thousandfold', async () => {
    const random = seededRandom(7);
    const sizes = [1, 1, 2, 5, 10, 20, 50, 100, 300, 1_000];
    const order: [string, number][] = sizes.flatMap((size, owner) =>
      Array.from({ length: size }, () => [`o${owner}`, random()] as [string, number]),
    );
    // All at once, in any order: the worst case for the small ones.
    order.sort((a, b) => a[1] - b[1]);
    for (let from = 0; from < order.length; from += 100) {
      await Promise.all(order.slice(from, from + 100).map(([owner]) => add(owner)));
    }
    const taken = await takeAll();
    for (const [owner, size] of sizes.entries()) {
      const last = taken.lastIndexOf(`o${owner}5`) + 1;
      // Served alone with its fair share, an owner of n entries ends once everybody else has had n at the most.
      const fair = sizes.reduce((sum, other) => sum + Math.min(other, size), 0);
      expect(last, `${size} entries`).toBeLessThanOrEqual(fair + sizes.length);
    }
  });

  it('are forgotten once their entries are gone, and not before', async () => {
    await add('anna');
    await add('anna', 9);
    const run = firstRun({ id: mintJobId() });
    await connection.queue.addFlow(somePrepare(run, { owner: 'bert' }));
    await connection.queue.dropWaitingPrepare(run);
    const listed = async (): Promise<number> => {
      const lists = await raw.keys('{styleflow}/turns/prepare/*');
      return (await Promise.all(lists.map((key) => raw.zcard(key)))).reduce((sum, count) => sum + count, 0);
    };
    expect(await listed()).toBe(3);
    // As if the last turn had been given long ago.
    await raw.hset('{styleflow}/turns/prepare', 'at', 1);
    await connection.queue.forgetTurns();
    expect(await listed()).toBe(2);
    await takeAll();
    await connection.queue.forgetTurns();
    expect(await raw.keys('{styleflow}/turns/*')).toEqual([]);
  });
});
