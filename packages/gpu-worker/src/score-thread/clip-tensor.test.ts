import { CLIP_BYTES } from '@styleflow/clips';
import { describe, expect, it } from 'vitest';
import { ClipTensor } from './clip-tensor.js';

const clipOf = (value: number) => new Uint8Array(CLIP_BYTES).fill(value);

describe('ClipTensor', () => {
  it('stacks clips in order and pads the bucket with zeros, also over what a batch before left there', () => {
    const tensor = new ClipTensor(4);
    tensor.giveBack(tensor.stack([clipOf(9), clipOf(9), clipOf(9), clipOf(9)]));
    const { dims, data } = tensor.stack([clipOf(1), clipOf(2), clipOf(3)]);
    expect(dims).toEqual([4, 32, 256, 256, 3]);
    expect([0, 1, 2, 3].map((clip) => data[(clip + 1) * CLIP_BYTES - 1])).toEqual([1, 2, 3, 0]);
    expect(Buffer.from(data.buffer).indexOf(0)).toBe(3 * CLIP_BYTES);
  });

  it('uses the same memory for every batch and refuses a second one while it is lent', () => {
    const tensor = new ClipTensor(2);
    const first = tensor.stack([clipOf(1), clipOf(2)]);
    expect(() => tensor.stack([clipOf(1)])).toThrow('still lent');
    tensor.giveBack(first);
    const second = tensor.stack([clipOf(3)]);
    expect(second.dims[0]).toBe(1);
    expect(second.data.buffer).toBe(first.data.buffer);
  });

  it('refuses a clip of another length without losing its memory', () => {
    const tensor = new ClipTensor(1);
    expect(() => tensor.stack([new Uint8Array(5)])).toThrow('a clip has 5 bytes');
    expect(tensor.stack([clipOf(1)]).dims[0]).toBe(1);
  });
});
