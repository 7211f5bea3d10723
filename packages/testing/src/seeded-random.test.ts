import { describe, expect, it } from 'vitest';
import { pickFrom, seededRandom, shuffled } from './seeded-random.js';

const draw = (random: () => number): number[] => Array.from({ length: 1_000 }, random);

describe('seededRandom', () => {
  it('draws the same for the same seed and name, and otherwise something else', () => {
    expect(draw(seededRandom(7, 'clock'))).toEqual(draw(seededRandom(7, 'clock')));
    expect(draw(seededRandom(7, 'clock'))).not.toEqual(draw(seededRandom(8, 'clock')));
    expect(draw(seededRandom(7, 'clock'))).not.toEqual(draw(seededRandom(7, 'store')));
  });

  it('draws evenly from 0 to 1', () => {
    const drawn = draw(seededRandom(3));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    expect(drawn.reduce((sum, each) => sum + each) / drawn.length).toBeCloseTo(0.5, 1);
  });
});

it('picks and shuffles without losing anything', () => {
  const items = ['a', 'b', 'c', 'd'];
  const random = seededRandom(1);
  expect(shuffled(items, random).sort()).toEqual(items);
  expect(new Set(Array.from({ length: 100 }, () => pickFrom(items, random)))).toEqual(new Set(items));
  expect(() => pickFrom([], random)).toThrow('nothing to pick from');
});
