import { describe, expect, it } from 'vitest';
import { parseOwnerWeights } from './owner-weights.js';

describe('weights of owners', () => {
  it('are read by the names of their keys', () => {
    expect([...parseOwnerWeights(' desk=3, archive=100 ,')]).toEqual([
      ['desk', 3],
      ['archive', 100],
    ]);
    expect(parseOwnerWeights('').size).toBe(0);
  });

  it.each([
    ['desk', 'desk is not of the form name=N with N from 1 to 100'],
    ['desk=0', 'desk=0 is not of the form'],
    ['desk=101', 'desk=101 is not of the form'],
    ['desk=1.5', 'desk=1.5 is not of the form'],
    ['desk=2,desk=3', 'desk occurs twice'],
  ])('%s is refused', (text, message) => {
    expect(() => parseOwnerWeights(text)).toThrow(message);
  });
});
