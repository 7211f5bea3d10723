import { expect, it } from 'vitest';
import { rgbFrame } from '../test-frames.js';
import { WholeRgb } from './whole-rgb.js';

const frame = (value: number, width = 2) =>
  rgbFrame({ index: 0, seconds: 0, window: 0, width, height: 1 }, new Uint8Array(3 * width).fill(value));

it('a whole frame is made RGB once, and another one, of whatever size, anew', () => {
  const rgb = new WholeRgb();
  const [one, other, wide] = [frame(1), frame(2), frame(3, 5)];
  const first = rgb.of(one);
  expect([...first]).toEqual(new Array(6).fill(1));
  // Not read again: what is in it now stays.
  first[0] = 9;
  expect(rgb.of(one)[0]).toBe(9);
  expect([...rgb.of(other)]).toEqual(new Array(6).fill(2));
  expect(rgb.of(other).buffer).toBe(first.buffer);
  expect([...rgb.of(wide)]).toEqual(new Array(15).fill(3));
});

it('nothing of a frame is kept once it is forgotten', () => {
  const rgb = new WholeRgb();
  const one = frame(1);
  const before = rgb.of(one);
  rgb.forget();
  expect(rgb.of(one).buffer).not.toBe(before.buffer);
});
