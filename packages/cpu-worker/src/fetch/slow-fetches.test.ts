import { Slots } from '@styleflow/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SlowFetches } from './slow-fetches.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('how many entries a worker holds', () => {
  it('grows by one for each fetch that is slow, up to a limit, and shrinks as they end', async () => {
    const sizes: number[] = [];
    const slots = new Slots();
    const fetches = new SlowFetches({
      slots,
      atOnce: 2,
      most: 4,
      resize: (entries) => sizes.push(entries),
      slowMs: 1_000,
    });
    const ends: (() => void)[] = [];
    const running = [1, 2, 3].map(() => fetches.during(() => new Promise<void>((resolve) => ends.push(resolve))));
    vi.advanceTimersByTime(999);
    expect([sizes, slots.busy]).toEqual([[], 3]);
    vi.advanceTimersByTime(1);
    expect(sizes).toEqual([3, 4, 4]);
    for (const end of ends) end();
    await Promise.all(running);
    expect([sizes, slots.busy]).toEqual([[3, 4, 4, 4, 3, 2], 0]);
  });

  it('stays as it is for fetches that are fast', async () => {
    const sizes: number[] = [];
    const slots = new Slots();
    const fetches = new SlowFetches({
      slots,
      atOnce: 2,
      most: 4,
      resize: (entries) => sizes.push(entries),
      slowMs: 1_000,
    });
    await fetches.during(async () => undefined);
    vi.advanceTimersByTime(5_000);
    expect(sizes).toEqual([]);
  });
});
