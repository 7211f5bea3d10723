import { describe, expect, it } from 'vitest';
import { parseKeyLimits } from './key-limits.js';

describe('the setting of limits of single keys', () => {
  it('reads any of them, for any number of keys', () => {
    const limits = parseKeyLimits(' anna:calls=600, burst=0,bytes=1000000000000 ; bert:jobs=5;');
    expect([...limits]).toEqual([
      ['anna', { calls: 600, burst: 0, bytes: 1e12 }],
      ['bert', { jobs: 5 }],
    ]);
    expect(parseKeyLimits('').size).toBe(0);
  });

  it.each(['anna', 'anna:', 'anna:calls', 'anna:calls=-1', 'anna:speed=1', ':calls=1'])('refuses %s', (text) => {
    expect(() => parseKeyLimits(text)).toThrow('entry 1');
  });

  it('refuses a key that occurs twice', () => {
    expect(() => parseKeyLimits('anna:calls=1;anna:jobs=1')).toThrow('anna occurs twice');
  });
});
