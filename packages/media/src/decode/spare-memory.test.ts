import { describe, expect, it } from 'vitest';
import { SpareMemory } from './spare-memory.js';

describe('SpareMemory', () => {
  it('lends again what was given back, also for a little less', () => {
    const memory = new SpareMemory(1e6);
    const first = memory.take(100_000);
    memory.give(first);
    const second = memory.take(90_000);
    expect(second.buffer).toBe(first.buffer);
    expect([first.length, second.length]).toEqual([100_000, 90_000]);
  });

  it('never lends the same memory twice, even when it is given back twice', () => {
    const memory = new SpareMemory(1e6);
    const first = memory.take(100_000);
    memory.give(first);
    memory.give(first);
    const [second, third] = [memory.take(100_000), memory.take(100_000)];
    expect(second.buffer).toBe(first.buffer);
    expect(third.buffer).not.toBe(first.buffer);
  });

  it('leaves alone what it has not lent', () => {
    const memory = new SpareMemory(1e6);
    const other = new Uint8Array(100_000);
    memory.give(other);
    expect(memory.take(100_000).buffer).not.toBe(other.buffer);
  });

  it('keeps no more than it may, the newest, and wastes none of it on what is much smaller', () => {
    const memory = new SpareMemory(200_000);
    const [old, recent, large] = [memory.take(196_608), memory.take(196_608), memory.take(400_000)];
    for (const lent of [large, old, recent]) memory.give(lent);
    expect(memory.take(10).buffer.byteLength).toBeLessThan(196_608);
    const [again, more] = [memory.take(196_608), memory.take(196_608)];
    expect(again.buffer).toBe(recent.buffer);
    expect(more.buffer).not.toBe(old.buffer);
  });
});
