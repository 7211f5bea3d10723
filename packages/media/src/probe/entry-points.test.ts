import { describe, expect, it } from 'vitest';
import { EntryPoints, type ListedPacket } from './entry-points.js';

/** `K` a key frame, `-` any other; the number is its time stamp, `?` none. Each lies a hundred bytes behind the one before. */
function entriesOf(codec: string, packets: string): (readonly [frame: number, byte: number])[] {
  const points = new EntryPoints(codec);
  for (const [number, text] of packets.split(' ').entries()) {
    const timeStamp = text.includes('?') ? null : Number(text.slice(1));
    const packet: ListedPacket = { timeStamp, byte: 100 * number, isKey: text.startsWith('K') };
    points.add(number, packet);
  }
  return points.found.map(({ frame, byte }) => [frame, byte]);
}

describe('EntryPoints', () => {
  it('counts a key frame behind the pictures that follow it and are shown before', () => {
    const between = '-1 -2 -3 -4 -5 -6 -7 -8 -9 -10 -11';
    expect(entriesOf('h264', `K0 ${between} K12 -13`)).toEqual([
      [0, 0],
      [12, 1200],
    ]);
    expect(entriesOf('h264', `K0 ${between} K14 -12 -13 -17`)).toEqual([
      [0, 0],
      [14, 1200],
    ]);
  });

  it('takes no key frame whose number or time is open', () => {
    expect(entriesOf('h264', 'K0 ? -2')).toEqual([]);
    expect(entriesOf('h264', 'K2 -0 ? -1')).toEqual([]);
    expect(entriesOf('h264', 'K? -1 -2')).toEqual([]);
  });

  it('knows that a picture without a time is shown later in MPEG-2, whose demuxer times all others', () => {
    expect(entriesOf('mpeg2video', 'K2 -0 -1 ? -3')).toEqual([[2, 0]]);
  });

  it('keeps one of several that lie close together', () => {
    const all = Array.from({ length: 40 }, (_, i) => `K${i}`).join(' ');
    expect(entriesOf('mpeg1video', all).map(([frame]) => frame)).toEqual([0, 10, 20, 30]);
  });
});
