import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

describe('slots', () => {
  it('are none, and none of them busy, until they are opened', () => {
    const slots = new Slots();
    expect([slots.total, slots.busy, slots.busyRatio]).toEqual([0, 0, 0]);
    slots.open(4);
    expect([slots.total, slots.busy, slots.busyRatio]).toEqual([4, 0, 0]);
  });

  it('are held while a task runs, whichever way it ends', async () => {
    const slots = new Slots();
    slots.open(4);
    const gate = new EventEmitter();
    const first = slots.during(() => once(gate, 'first'));
    const second = slots.during(() => once(gate, 'second'));
    expect([slots.busy, slots.busyRatio]).toEqual([2, 0.5]);
    gate.emit('first', 'done');
    expect(await first).toEqual(['done']);
    expect(slots.busy).toBe(1);
    gate.emit('error', new Error('failed'));
    await expect(second).rejects.toThrow('failed');
    expect(slots.busy).toBe(0);
  });
});
