import { describe, expect, it } from 'vitest';
import { SceneCuts } from './scene-cut.js';

/** Pixel value by place; the same for the three colours. */
function frame(value: (x: number, y: number) => number) {
  const [width, height] = [64, 36];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return Math.max(0, Math.min(255, value(pixel % width, Math.floor(pixel / width))));
  });
  return { index: 0, seconds: 0, window: 0, width, height, data };
}

const room = (shift: number, brightness = 0) =>
  frame((x, y) => 110 + 80 * Math.sin((x + shift) / 7) * Math.cos(y / 9) + brightness);
const street = frame((x, y) => 110 + 80 * Math.cos(x / 3) * Math.sin(y / 4));

describe('SceneCuts', () => {
  it('notices another scene', () => {
    const cuts = new SceneCuts();
    expect([room(0), room(0), room(1), street, street].map((next) => cuts.isCut(next))).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  it('notices a cut within a scene by how it stands out, and no movement of the same size that goes on', () => {
    const still = [room(0), room(0), room(0), room(0)];
    const jump = new SceneCuts();
    expect([...still, room(4), room(4)].map((next) => jump.isCut(next)).indexOf(true)).toBe(4);
    const pan = new SceneCuts();
    expect([room(0), room(1), room(2), room(6), room(10)].some((next) => pan.isCut(next))).toBe(false);
    const begun = new SceneCuts();
    expect([room(0), room(4), room(8)].some((next) => begun.isCut(next))).toBe(false);
  });

  it('takes neither a flash nor a steady fast pan for a cut', () => {
    const flash = new SceneCuts();
    expect([room(0), room(0, 60), room(0)].some((next) => flash.isCut(next))).toBe(false);
    const pan = new SceneCuts();
    pan.isCut(room(0));
    pan.isCut(room(6));
    expect([12, 18, 24, 30].some((shift) => pan.isCut(room(shift)))).toBe(false);
  });

  it('does not compare across a reset', () => {
    const cuts = new SceneCuts();
    cuts.isCut(room(0));
    cuts.reset();
    expect(cuts.isCut(street)).toBe(false);
  });
});
