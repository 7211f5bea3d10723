import { describe, expect, it } from 'vitest';
import { FrameBuffer } from './frame-buffer.js';

describe('FrameBuffer', () => {
  it('puts frames together from chunks of any size', () => {
    const buffer = new FrameBuffer(4, 3);
    buffer.push(Uint8Array.from([1, 2, 3]));
    expect(buffer.hasFrame).toBe(false);
    buffer.push(Uint8Array.from([4, 5, 6, 7, 8, 9]));
    expect([...(buffer.next() ?? [])]).toEqual([1, 2, 3, 4]);
    expect([...(buffer.next() ?? [])]).toEqual([5, 6, 7, 8]);
    expect(buffer.next()).toBeUndefined();
  });

  it('asks for a pause when all its memory is full, and loses nothing of what had come by then', () => {
    const buffer = new FrameBuffer(2, 2);
    expect(buffer.push(Uint8Array.from([1, 1, 2, 2]))).toBe(true);
    expect(buffer.push(Uint8Array.from([3, 3, 4]))).toBe(false);
    expect(buffer.push(Uint8Array.from([4, 5, 5]))).toBe(false);
    const seen: number[][] = [];
    for (let frame = buffer.next(); frame; frame = buffer.next()) seen.push([...frame]);
    expect(seen).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
  });

  it('leaves the lent frame alone until the next is asked for', () => {
    const buffer = new FrameBuffer(1, 2);
    buffer.push(Uint8Array.from([1, 2]));
    const lent = buffer.next();
    expect(buffer.push(Uint8Array.from([3]))).toBe(false);
    expect(lent?.[0]).toBe(1);
    expect(buffer.takeBack()).toBe(true);
  });
});
