import { describe, expect, it } from 'vitest';
import { FrameBuffer } from './frame-buffer.js';

/** As a pipe does: writes at the next place, no more than fits there at once. @returns what the last write answered. */
function write(buffer: FrameBuffer, values: readonly number[]): boolean {
  let wantsMore = true;
  for (let at = 0; at < values.length; ) {
    const place = buffer.place();
    const part = values.slice(at, at + place.length);
    place.set(part);
    wantsMore = buffer.wrote(part.length);
    at += part.length;
  }
  return wantsMore;
}

function every(buffer: FrameBuffer): number[][] {
  const seen: number[][] = [];
  for (let frame = buffer.next(); frame; frame = buffer.next()) seen.push([...frame]);
  return seen;
}

describe('FrameBuffer', () => {
  it('puts frames together from pieces of any size', () => {
    const buffer = new FrameBuffer(new Uint8Array(12), 3);
    write(buffer, [1, 2, 3]);
    expect(buffer.hasFrame).toBe(false);
    write(buffer, [4, 5, 6, 7, 8, 9]);
    expect(every(buffer)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
  });

  it('has large frames written where they stay', () => {
    const buffer = new FrameBuffer(new Uint8Array(2 * 70_000), 2);
    const place = buffer.place();
    expect(place.length).toBe(70_000);
    place.fill(7);
    expect(buffer.wrote(69_999)).toBe(true);
    expect(buffer.hasFrame).toBe(false);
    expect(buffer.place().length).toBe(1);
    expect(buffer.wrote(1)).toBe(true);
    expect(buffer.next()?.buffer).toBe(place.buffer);
  });

  it('goes on with a large frame after a pause, losing nothing of what comes first', () => {
    const buffer = new FrameBuffer(new Uint8Array(70_000), 1);
    buffer.place().fill(1);
    expect(buffer.wrote(70_000)).toBe(false);
    const asked = buffer.place(); // Asked for before the pause, while no frame is free.
    expect(buffer.next()?.every((value) => value === 1)).toBe(true);
    expect(buffer.wantsMore).toBe(false);
    buffer.takeBack();
    expect(buffer.wantsMore).toBe(true);
    asked.set([2, 3]);
    expect(buffer.wrote(2)).toBe(true);
    const rest = buffer.place();
    expect(rest.length).toBe(69_998);
    rest.fill(4);
    expect(buffer.wrote(69_998)).toBe(false);
    expect([...(buffer.next()?.subarray(0, 4) ?? [])]).toEqual([2, 3, 4, 4]);
  });

  it('asks for a pause when all its memory is full, and loses nothing of what had come by then', () => {
    const buffer = new FrameBuffer(new Uint8Array(4), 2);
    expect(write(buffer, [1, 1, 2])).toBe(true);
    expect(write(buffer, [2, 3, 3, 4, 4, 5, 5])).toBe(false);
    expect(every(buffer)).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
    expect(buffer.wantsMore).toBe(true);
  });

  it('leaves as many frames alone as are lent, until the next is asked for', () => {
    const buffer = new FrameBuffer(new Uint8Array(3), 3, 2);
    expect(write(buffer, [1, 2, 3])).toBe(false);
    const [first, second] = [buffer.next(), buffer.next()];
    expect(write(buffer, [4])).toBe(false);
    expect([first?.[0], second?.[0]]).toEqual([1, 2]);
    expect(buffer.next()?.[0]).toBe(3);
    expect([first?.[0], second?.[0]]).toEqual([4, 2]);
  });
});
