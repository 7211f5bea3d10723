import { describe, expect, it } from 'vitest';
import { detectionAt } from '../test-faces.js';
import { between, calmFaces } from './calm-stretch.js';

const calm = (...looks: [number[], number[], number[]]) => {
  const [first, middle, last] = looks.map((xs) => xs.map((x) => detectionAt(x, 60)));
  return calmFaces(first ?? [], middle ?? [], last ?? [], 0.5, 0.6);
};

describe('a calm stretch', () => {
  it('is one in which each face moves straight on, or none is seen', () => {
    expect(calm([100, 200], [104, 200], [108, 200])).toHaveLength(2);
    expect(calm([], [], [])).toEqual([]);
  });

  it.each([
    ['a face appears', [[100], [100], [100, 200]]],
    ['a face leaves', [[100, 200], [100], [100]]],
    ['one comes as another leaves', [[100], [100], [200]]],
    ['a face turns back', [[100], [104], [100]]],
    ['a face is elsewhere for a moment', [[100], [150], [100]]],
  ] as [string, [number[], number[], number[]]][])('is none in which %s', (_, looks) => {
    expect(calm(...looks)).toBeNull();
  });

  it('is none in which a detector is unsure of a face', () => {
    const sure = [detectionAt(100, 60)];
    expect(calmFaces(sure, [detectionAt(100, 60, 40, 0.59)], sure, 0.5, 0.6)).toBeNull();
  });

  it('keeps each face of a crowd with itself, whatever the order', () => {
    const [a, b] = [detectionAt(100, 60, 40, 0.9), detectionAt(160, 60, 40, 0.8)];
    expect(calmFaces([a, b], [b, a], [a, b], 0.5, 0.6)?.map(({ first, last }) => first === last)).toEqual([true, true]);
  });

  it('has its faces between two looks on the straight line', () => {
    const { box, landmarks, score } = between(detectionAt(100, 60, 40, 0.9), detectionAt(108, 60, 40, 0.7), 0.25);
    expect(box).toEqual([102, 60, 142, 100]);
    expect(landmarks[0]).toEqual([114, 74]);
    expect(score).toBeCloseTo(0.85, 12);
  });
});
