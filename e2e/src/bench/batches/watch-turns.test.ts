import { startRedis, until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { type EntryEvent, turnOf, watchTurns } from './watch-turns.js';

const happened = (...words: readonly string[]): EntryEvent[] =>
  words.map((word, n) => {
    const [entry = '', event = ''] = word.split(' ');
    return { entry, event, atMs: n * 10 };
  });
/** `a1` and `a2` are of the owner `a`. */
const ownerOf = (entry: string): string => entry.slice(0, 1);

describe('the turn of an entry', () => {
  it('counts who was held when it came, and who of each owner was taken before it', () => {
    const events = happened(
      ...['a1 active', 'a2 active', 'a1 completed', 'c1 added', 'a3 active', 'b1 active', 'a2 completed', 'a4 active'],
      ...['c1 active', 'a5 active'],
    );
    expect(turnOf(events, 'c1', ownerOf)).toEqual({ waitedMs: 50, heldAtArrival: 1, takenBefore: { a: 2, b: 1 } });
  });

  it('begins before the entry is added where the job had to wait for that', () => {
    const events = happened('a1 active', 'a2 active', 'a3 active', 'c1 added', 'b1 active', 'c1 active');
    expect(turnOf(events, 'c1', ownerOf, 15)).toEqual({ waitedMs: 35, heldAtArrival: 2, takenBefore: { a: 1, b: 1 } });
  });

  it('is not known of an entry that was not seen from its arrival to its start', () => {
    expect(turnOf(happened('c1 added', 'a1 active'), 'c1', ownerOf)).toBeNull();
    expect(turnOf(happened('c1 active'), 'c1', ownerOf)).toBeNull();
  });
});

describe('the watch of turns', () => {
  it('reads what is noted from its beginning on, in order, and says when something was dropped before it was read', async () => {
    const redis = await startRedis();
    const key = '{styleflow}:prepare:events';
    const note = (entry: string, event: string) => redis.command('XADD', key, '*', 'event', event, 'jobId', entry);
    await note('before', 'added');
    const watch = watchTurns(redis, 'prepare');
    await until('it watches', async () => {
      await note('c1', 'added');
      return watch.events.length > 0;
    });
    await note('c1', 'active');
    await until('it has read all', () => watch.events.at(-1)?.event === 'active');
    expect(watch.events.every(({ entry }) => entry === 'c1')).toBe(true);
    expect(watch.hasGaps()).toBe(false);
    await redis.command(
      'EVAL',
      `for n = 1, 9 do redis.call('XADD', '${key}', 'MAXLEN', 2, '*', 'jobId', n, 'event', 'added') end`,
      '0',
    );
    await until('it has seen the gap', () => watch.hasGaps());
    await watch.stop();
    await redis.stop();
  });
});
