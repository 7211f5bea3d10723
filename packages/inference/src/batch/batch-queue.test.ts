import { describe, expect, it } from 'vitest';
import { BatchQueue, bucketFor, bucketSizes } from './batch-queue.js';

/** A queue of letters whose clock the test sets. */
function queueOf(maxBatch: number, maxWaitMs = 100) {
  const queue = new BatchQueue<string>({ maxBatch, maxWaitMs });
  const aborted = new Set<string>();
  return {
    queue,
    aborted,
    push: (letters: string, since = 0, isAlone = false) => {
      for (const item of letters) queue.push({ item, since, isAlone, isAborted: () => aborted.has(item) });
    },
    next: (now: number) => {
      const step = queue.next(now);
      return step.batch ? step.batch.map(({ item }) => item).join('') : step.waitMs;
    },
  };
}

describe('BatchQueue', () => {
  it('runs a full batch at once and keeps what exceeds the budget, in order', () => {
    const { push, next, queue } = queueOf(4);
    push('abcde');
    expect(next(0)).toBe('abcd');
    expect(queue.size).toBe(1);
    expect(next(0)).toBe(100);
    expect(next(100)).toBe('e');
  });

  it('gives out only full batches while the device is busy, and never a suspect', () => {
    const { push, queue } = queueOf(2);
    const ahead = () =>
      queue
        .next(1000, true)
        .batch?.map(({ item }) => item)
        .join('') ?? null;
    push('a');
    expect(ahead()).toBeNull();
    push('bc');
    expect(ahead()).toBe('ab');
    push('X', 0, true);
    push('de');
    expect(ahead()).toBeNull();
    expect(queue.size).toBe(4);
  });

  it('keeps to the smaller size once the device has turned out too small', () => {
    const { push, next, queue } = queueOf(8);
    queue.shrink(2);
    queue.shrink(4);
    push('abc');
    expect(next(0)).toBe('ab');
    queue.shrink(0);
    expect(next(0)).toBe('c');
  });

  it('lets the oldest item wait for company no longer than the bound', () => {
    const { push, next } = queueOf(8, 50);
    expect(next(0)).toBeNull();
    push('a', 10);
    push('b', 30);
    expect(next(35)).toBe(25);
    expect(next(60)).toBe('ab');
    expect(next(60)).toBeNull();
  });

  it('puts back what would leave a bucket more than a quarter empty, without starting its wait anew', () => {
    const { push, next } = queueOf(8);
    push('abcde');
    expect(next(100)).toBe('abcd');
    expect(next(100)).toBe('e');
    push('abcdef');
    expect(next(100)).toBe('abcdef');
    push('abc');
    expect(next(100)).toBe('abc');
  });

  it('runs a suspect alone, after what came before it and before what came after', () => {
    const { push, next } = queueOf(8);
    push('ab', 0);
    push('X', 0, true);
    push('cd', 0);
    expect(next(0)).toBe('ab');
    expect(next(0)).toBe('X');
    expect(next(0)).toBe(100);
    expect(next(100)).toBe('cd');
  });

  it('drops the aborted and tells who they were', () => {
    const { queue, push, next, aborted } = queueOf(2);
    push('abc');
    aborted.add('a').add('c');
    expect(queue.dropAborted().map(({ item }) => item)).toEqual(['a', 'c']);
    expect(queue.dropAborted()).toEqual([]);
    expect(next(100)).toBe('b');
  });

  it('gives everything back at a shutdown', () => {
    const { queue, push, next } = queueOf(2);
    push('abc');
    expect(queue.takeAll()).toHaveLength(3);
    expect(next(1000)).toBeNull();
  });
});

describe('buckets', () => {
  it('are powers of two up to the largest batch, which is one itself', () => {
    expect([1, 2, 3, 4, 5, 8].map((count) => bucketFor(count, 8))).toEqual([1, 2, 4, 4, 8, 8]);
    expect([3, 5, 6].map((count) => bucketFor(count, 6))).toEqual([4, 6, 6]);
    expect(bucketSizes(8)).toEqual([8, 4, 2, 1]);
    expect(bucketSizes(6)).toEqual([6, 4, 2, 1]);
    expect(bucketSizes(1)).toEqual([1]);
    expect(() => bucketFor(0, 8)).toThrow(RangeError);
    expect(() => bucketFor(9, 8)).toThrow(RangeError);
  });

  it('hold every batch that the queue forms', () => {
    for (let maxBatch = 1; maxBatch <= 20; maxBatch += 1) {
      for (let count = 1; count <= 40; count += 1) {
        const { push, queue } = queueOf(maxBatch, 0);
        push('x'.repeat(count));
        let taken = 0;
        while (taken < count) {
          const { batch } = queue.next(0);
          if (!batch) throw new Error('nothing is due');
          expect(bucketSizes(maxBatch)).toContain(bucketFor(batch.length, maxBatch));
          taken += batch.length;
        }
        expect(taken).toBe(count);
      }
    }
  });
});
