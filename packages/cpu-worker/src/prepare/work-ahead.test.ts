import { describe, expect, it } from 'vitest';
import { workAhead } from './work-ahead.js';

/** Numbers from 0, with a note of how many were asked for and whether someone ended it. */
function numbers(count: number) {
  const seen = { asked: 0, isReturned: false };
  async function* make(): AsyncGenerator<number, void> {
    try {
      for (let i = 0; i < count; i++) {
        seen.asked += 1;
        yield i;
      }
    } finally {
      seen.isReturned = true;
    }
  }
  return { seen, items: make() };
}

/** A promise and what settles it. */
function gate<T>() {
  let open: (value: T) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
}

describe('workAhead', () => {
  it('gives every result in the order of the items, however long each takes', async () => {
    const gates = [gate<string>(), gate<string>(), gate<string>()];
    const results: string[] = [];
    const taken = (async () => {
      const work = (i: number) => (gates[i] as ReturnType<typeof gate<string>>).promise;
      for await (const result of workAhead(numbers(3).items, work, 3)) results.push(result);
    })();
    gates[2]?.open('c');
    gates[1]?.open('b');
    await turns();
    expect(results).toEqual([]);
    gates[0]?.open('a');
    await taken;
    expect(results).toEqual(['a', 'b', 'c']);
  });

  it('has the next item made while one is worked on', async () => {
    const { items, seen } = numbers(10);
    const first = gate<number>();
    const results = workAhead(items, (i) => (i === 0 ? first.promise : Promise.resolve(i)), 2);
    const next = results.next();
    await turns();
    expect(seen.asked).toBe(2);
    first.open(0);
    expect(await next).toEqual({ done: false, value: 0 });
    await results.return();
  });

  it('asks for nothing more while as many as allowed wait to be taken', async () => {
    const { items, seen } = numbers(10);
    const results = workAhead(items, async (i) => i, 2);
    await results.next();
    await turns();
    expect(seen.asked).toBeLessThanOrEqual(3);
    await results.return();
  });

  it('waits for what was started before it ends, and ends the items', async () => {
    const { items, seen } = numbers(10);
    const gates = [gate<number>(), gate<number>()];
    const results = workAhead(items, (i) => (gates[i] as ReturnType<typeof gate<number>>).promise, 2);
    const next = results.next();
    await turns();
    gates[0]?.open(0);
    await next;
    let isOver = false;
    const ending = results.return().then(() => {
      isOver = true;
    });
    await turns();
    expect(isOver).toBe(false);
    gates[1]?.open(1);
    await ending;
    expect(seen).toEqual({ asked: 2, isReturned: true });
  });

  it('fails with the error of the earliest item, the items ended', async () => {
    const { items, seen } = numbers(10);
    const first = gate<number>();
    const results = workAhead(items, (i) => (i === 0 ? first.promise : Promise.reject(new Error(`item ${i}`))), 2);
    const next = results.next();
    await turns();
    first.fail(new Error('item 0'));
    await expect(next).rejects.toThrow('item 0');
    expect(seen.isReturned).toBe(true);
  });

  it('passes on what the items throw', async () => {
    async function* broken(): AsyncGenerator<number, void> {
      yield 0;
      throw new Error('no more frames');
    }
    const results = workAhead(broken(), async (i) => i, 2);
    const all = (async () => {
      for await (const _result of results);
    })();
    await expect(all).rejects.toThrow('no more frames');
  });
});
