import { describe, expect, it } from 'vitest';
import { findTruthColumn, readTruth } from './truth-words.js';

describe('labels in every spelling', () => {
  it('finds the column', () => {
    for (const name of ['truth_label', 'Label', 'isFake', 'is fake', 'Ground-Truth', 'target', 'CLASS'])
      expect(findTruthColumn(['source', name])).toEqual({ name, meansReal: false });
    expect(findTruthColumn(['is_real'])).toEqual({ name: 'is_real', meansReal: true });
    expect(findTruthColumn(['source', 'shelf'])).toBeNull();
  });

  it('reads the cell', () => {
    const truth = (cell: unknown, meansReal = false) => readTruth(cell, { meansReal });
    for (const cell of ['fake', 'FAKE', ' Deepfake ', '1', 1, '1.0', 'true', true, 'manipulated', 'spoof'])
      expect(truth(cell)).toBe(true);
    for (const cell of ['real', 'REAL', '0', 0, 'False', 'original', 'pristine', 'bonafide'])
      expect(truth(cell)).toBe(false);
    for (const cell of ['', null, 'maybe', '2', 'NaN']) expect(truth(cell)).toBeNull();
    expect([truth('1', true), truth('no', true), truth('fake', true)]).toEqual([false, true, true]);
  });
});
