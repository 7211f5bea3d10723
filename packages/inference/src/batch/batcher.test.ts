import { JobError } from '@styleflow/contracts';
import { until } from '@styleflow/testing';
import { describe, expect, it } from 'vitest';
import { OutOfMemory } from '../session/out-of-memory.js';
import { Batcher, type Outcome } from './batcher.js';

const QUIET = new AbortController().signal;
const together = { isAlone: false, signal: QUIET };

/** A device whose runs end when the test says so. */
function manualDevice() {
  const runs: { items: readonly string[]; end: () => void; fail: (error: Error) => void }[] = [];
  const run = (items: readonly string[]): Promise<readonly Outcome<string>[]> =>
    new Promise((resolve, reject) => {
      const end = (): void => resolve(items.map((item) => ({ value: item.toUpperCase() })));
      runs.push({ items, end, fail: reject });
    });
  return { runs, run };
}

describe('Batcher', () => {
  it('gathers while a run is under way, then runs what has gathered', async () => {
    const { runs, run } = manualDevice();
    const batcher = new Batcher({ run, maxBatch: 4, maxWaitMs: 0 });
    const first = batcher.submit('a', together);
    const others = ['b', 'c'].map((item) => batcher.submit(item, together));
    expect(runs.map(({ items }) => items)).toEqual([['a']]);
    runs[0]?.end();
    expect(await first).toBe('A');
    await until('the second run starts', () => runs.length === 2);
    expect(runs[1]?.items).toEqual(['b', 'c']);
    runs[1]?.end();
    expect(await Promise.all(others)).toEqual(['B', 'C']);
  });

  it('runs a lone item once its wait is over', async () => {
    const batcher = new Batcher({
      maxBatch: 4,
      maxWaitMs: 20,
      run: async (items: readonly string[]) => items.map((item) => ({ value: `${item} of ${items.length}` })),
    });
    expect(await Promise.all([batcher.submit('a', together), batcher.submit('b', together)])).toEqual([
      'a of 2',
      'b of 2',
    ]);
  });

  it('runs each item alone after a failed run, so that only the guilty one fails', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher({
      maxBatch: 4,
      maxWaitMs: 1000,
      run: async (items: readonly string[]) => {
        sizes.push(items.length);
        if (items.includes('poison')) throw new Error('device fault');
        return items.map((item) => ({ value: item }));
      },
    });
    const ends = await Promise.allSettled(['a', 'poison', 'b', 'c'].map((item) => batcher.submit(item, together)));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(ends[1]).toMatchObject({ reason: { code: 'inference_failed', message: 'device fault' } });
    expect(sizes).toEqual([4, 1, 1, 1, 1]);
  });

  it('fails one item by its own outcome without running the others again', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher({
      maxBatch: 2,
      maxWaitMs: 1000,
      run: async (items: readonly string[]): Promise<Outcome<string>[]> => {
        sizes.push(items.length);
        return items.map((value) =>
          value === 'bad' ? { error: new JobError('storage_unavailable', 'full') } : { value },
        );
      },
    });
    const ends = await Promise.allSettled([batcher.submit('bad', together), batcher.submit('good', together)]);
    expect(ends).toMatchObject([{ reason: { code: 'storage_unavailable' } }, { value: 'good' }]);
    expect(sizes).toEqual([2]);
  });

  it('hands over the next batch while one runs, once it is full, and no third one', async () => {
    const { runs, run } = manualDevice();
    const batcher = new Batcher({ run, maxBatch: 2, maxWaitMs: 0, preparesNext: true });
    const ends = ['a', 'b', 'c', 'd', 'e', 'f'].map((item) => batcher.submit(item, together));
    expect(runs.map(({ items }) => items.join(''))).toEqual(['a', 'bc']);
    runs[0]?.end();
    await ends[0];
    await until('the third run starts', () => runs.length === 3);
    expect(runs[2]?.items).toEqual(['d', 'e']);
    for (let index = 1; index < 4; index++) {
      await until('the run has started', () => runs.length > index);
      runs[index]?.end();
    }
    expect(await Promise.all(ends)).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
  });

  it('prepares nothing beside a suspect', async () => {
    const { runs, run } = manualDevice();
    const batcher = new Batcher({ run, maxBatch: 1, maxWaitMs: 0, preparesNext: true });
    const suspect = batcher.submit('suspect', { isAlone: true, signal: QUIET });
    const other = batcher.submit('other', together);
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await suspect;
    await until('the other one runs', () => runs.length === 2);
    runs[1]?.end();
    expect(await other).toBe('OTHER');
  });

  it('halves what did not fit into the memory and never tries as much again', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher({
      maxBatch: 4,
      maxWaitMs: 0,
      run: async (items: readonly string[]) => {
        sizes.push(items.length);
        if (items.length > 2) {
          throw new JobError('inference_failed', 'no room', { cause: new OutOfMemory('no room') });
        }
        return items.map((item) => ({ value: item }));
      },
    });
    const submit = (items: string) => Promise.all([...items].map((item) => batcher.submit(item, together)));
    expect(await submit('abcdefghi')).toEqual([...'abcdefghi']);
    expect(sizes).toEqual([1, 4, 2, 2, 2, 2]);
  });

  it('runs suspects alone', async () => {
    const { runs, run } = manualDevice();
    const batcher = new Batcher({ run, maxBatch: 4, maxWaitMs: 0 });
    const ends = [
      batcher.submit('first', together),
      batcher.submit('suspect', { isAlone: true, signal: QUIET }),
      batcher.submit('last', together),
    ];
    for (const [index, end] of ends.entries()) {
      await until('the next run starts', () => runs.length === index + 1);
      runs[index]?.end();
      await end;
    }
    expect(runs.map(({ items }) => items)).toEqual([['first'], ['suspect'], ['last']]);
  });

  it('rejects what is aborted before its run, at once and without running it', async () => {
    const { runs, run } = manualDevice();
    const batcher = new Batcher({ run, maxBatch: 4, maxWaitMs: 0 });
    const running = batcher.submit('a', together);
    const abort = new AbortController();
    const waiting = batcher.submit('b', { isAlone: false, signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'internal', retryable: true });
    runs[0]?.end();
    await running;
    expect(runs).toHaveLength(1);
  });

  it('lets go of what is aborted in its run, and finishes the run for the others', async () => {
    const { runs, run } = manualDevice();
    const batcher = new Batcher({ run, maxBatch: 2, maxWaitMs: 1000 });
    const abort = new AbortController();
    const leaving = batcher.submit('a', { isAlone: false, signal: abort.signal });
    const staying = batcher.submit('b', together);
    abort.abort();
    await expect(leaving).rejects.toMatchObject({ code: 'internal', retryable: true });
    runs[0]?.end();
    expect(await staying).toBe('B');
  });

  it('closes after the run in progress and rejects the rest', async () => {
    const { runs, run } = manualDevice();
    const batcher = new Batcher({ run, maxBatch: 1, maxWaitMs: 0 });
    const running = batcher.submit('a', together);
    const waiting = expect(batcher.submit('b', together)).rejects.toMatchObject({ code: 'internal' });
    const closed = batcher.close();
    await waiting;
    runs[0]?.end();
    await closed;
    expect(await running).toBe('A');
    await expect(batcher.submit('c', together)).rejects.toMatchObject({ code: 'internal' });
    expect(runs).toHaveLength(1);
  });
});
