import { describe, expect, it } from 'vitest';
import { rgbFrame } from '../test-frames.js';
import { SceneCuts } from './scene-cut.js';

type Picture = ReturnType<typeof frame>;

/** A frame whose pixels have this value at each place, the same in all three colours. */
function frame(value: (x: number, y: number) => number) {
  const [width, height] = [64, 36];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return Math.max(0, Math.min(255, value(pixel % width, Math.floor(pixel / width))));
  });
  return rgbFrame({ index: 0, seconds: 0, window: 0, width, height }, data);
}

const room = (shift: number, brightness = 0) =>
  frame((x, y) => 110 + 80 * Math.sin((x + shift) / 7) * Math.cos(y / 9) + brightness);
/** The room with a dark round shape, a person, at this place. */
const guest = (place: number) =>
  frame((x, y) => 110 + 80 * Math.sin(x / 7) * Math.cos(y / 9) - (Math.hypot(x - place, y - 20) < 12 ? 90 : 0));
const black = frame(() => 2);
const white = frame((x) => 253 + (x % 2));
const street = frame((x, y) => 110 + 80 * Math.cos(x / 3) * Math.sin(y / 4));
/** Frames in which one scene turns into another by blending. */
const blend = (a: (i: number) => Picture, b: (i: number) => Picture, frames: number): Picture[] =>
  Array.from({ length: frames }, (_, i) => {
    const [from, to, share] = [a(i).data, b(i).data, i / (frames - 1)];
    const data = from.map((value, at) => value + share * ((to[at] as number) - value));
    return rgbFrame(a(i), data);
  });
const isCut = (cuts: SceneCuts, next: Picture): boolean => cuts.changedSince(next) !== null;
const cutsIn = (frames: Picture[]): number[] => {
  const cuts = new SceneCuts();
  return frames.flatMap((next, i) => (isCut(cuts, next) ? [i] : []));
};

describe('SceneCuts', () => {
  it('notices another scene', () => {
    const cuts = new SceneCuts();
    expect([room(0), room(0), room(1), street, street].map((next) => isCut(cuts, next))).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  it('notices a cut within a scene by how it stands out, and no movement of the same size that goes on', () => {
    const still = Array.from({ length: 12 }, () => guest(14));
    const jump = new SceneCuts();
    expect([...still, guest(50), guest(50)].map((next) => isCut(jump, next)).indexOf(true)).toBe(12);
    const pan = new SceneCuts();
    expect([room(0), room(1), room(2), room(6), room(10)].some((next) => isCut(pan, next))).toBe(false);
    const begun = new SceneCuts();
    expect([room(0), room(4), room(8)].some((next) => isCut(begun, next))).toBe(false);
  });

  it('takes neither a flash nor a steady fast pan for a cut', () => {
    const flash = new SceneCuts();
    expect([room(0), room(0, 60), room(0)].some((next) => isCut(flash, next))).toBe(false);
    const pan = new SceneCuts();
    isCut(pan, room(0));
    isCut(pan, room(6));
    expect([12, 18, 24, 30].some((shift) => isCut(pan, room(shift)))).toBe(false);
  });

  it('takes no camera that is turned or shaken for a cut, be it from the second frame on', () => {
    const shaken = new SceneCuts();
    expect([0, 12, 2, 14, 4].some((shift) => isCut(shaken, room(shift)))).toBe(false);
    const turned = new SceneCuts();
    expect([0, 0, 0, 0, 0, 8, 16].some((shift) => isCut(turned, room(shift)))).toBe(false);
  });

  it.each([2, 3, 4, 5])('takes no step for a cut where each picture is stored %i times', (times) => {
    const cuts = new SceneCuts();
    const places = [10, 14, 17, 21, 25, 28, 32];
    const frames = places.flatMap((place) => Array.from({ length: times }, () => guest(place)));
    expect(frames.some((next) => isCut(cuts, next))).toBe(false);
  });

  it('notices another scene after a moment of black or white, and the same scene as the same', () => {
    for (const blank of [black, white]) {
      const other = new SceneCuts();
      expect([room(0), room(1), blank, blank, street, street].map((next) => isCut(other, next)).indexOf(true)).toBe(4);
      const same = new SceneCuts();
      expect([room(0), room(1), blank, blank, room(2), room(3)].some((next) => isCut(same, next))).toBe(false);
    }
  });

  it('does not compare across a reset', () => {
    const cuts = new SceneCuts();
    isCut(cuts, room(0));
    cuts.reset();
    expect(isCut(cuts, street)).toBe(false);
  });

  it.each([8, 12, 25, 50])('notices a dissolve of %i frames once, while people move in both scenes', (length) => {
    const shown = [
      ...Array.from({ length: 20 }, (_, i) => guest(14 + i / 2)),
      ...blend(
        (i) => guest(24 + (i * 8) / length),
        () => street,
        length,
      ),
      ...Array.from({ length: 40 }, () => street),
    ];
    const found = cutsIn(shown);
    expect(found).toHaveLength(1);
    expect(found[0]).toBeGreaterThan(20 + length / 4);
    expect(found[0]).toBeLessThan(20 + length + 4);
  });

  it('takes neither a light that is dimmed, nor a slow pan, nor a fade to black and back for a dissolve', () => {
    const dim = blend(
      () => room(0, 60),
      () => room(0, -60),
      25,
    );
    const pan = Array.from({ length: 60 }, (_, i) => room(i / 2));
    const out = blend(
      () => room(0),
      () => black,
      25,
    );
    const back = blend(
      () => black,
      () => room(1),
      25,
    );
    expect([dim, pan, [...out, ...back]].map(cutsIn)).toEqual([[], [], []]);
  });

  it('takes no light that turns from one colour to another for a dissolve, however often', () => {
    const lit = (i: number): Picture => {
      const { data, ...rest } = guest(20 + i / 8);
      const red = 0.5 + 0.45 * Math.cos((2 * Math.PI * i) / 50);
      return { ...rest, data: data.map((value, at) => value * ([red, 0.3, 1 - red][at % 3] as number)) };
    };
    expect(cutsIn(Array.from({ length: 150 }, (_, i) => lit(i)))).toEqual([]);
  });

  it('notices the dissolve after the next as well', () => {
    const rest = (picture: Picture): Picture[] => Array.from({ length: 40 }, () => picture);
    const there = blend(
      () => room(0),
      () => street,
      16,
    );
    const shown = [...rest(room(0)), ...there, ...rest(street), ...there.toReversed(), ...rest(room(0))];
    expect(cutsIn(shown)).toHaveLength(2);
  });
});
