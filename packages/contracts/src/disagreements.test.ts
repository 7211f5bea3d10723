import { describe, expect, it } from 'vitest';
import { digestOfId, parseShadowBundles, SHADOWS_MAX } from './disagreements.js';

const idOf = (n: number): string => `net-${n}@${String(n).padStart(12, '0')}`;

describe('the setting of shadows', () => {
  it('is a list of ids, and nothing by default', () => {
    expect(parseShadowBundles('')).toEqual([]);
    expect(parseShadowBundles(` ${idOf(1)}, ${idOf(2)},`)).toEqual([idOf(1), idOf(2)]);
    expect(digestOfId(idOf(7))).toBe('000000000007');
    const most = Array.from({ length: SHADOWS_MAX }, (_, n) => idOf(n));
    expect(parseShadowBundles(most.join(','))).toEqual(most);
  });

  it.each([
    ['a name without a digest', 'net'],
    ['a folder', 'bundles/net@000000000001'],
    ['one twice, under two names', 'a@000000000001,b@000000000001'],
    ['too many', Array.from({ length: SHADOWS_MAX + 1 }, (_, n) => idOf(n)).join(',')],
  ])('refuses %s and says what is allowed', (_case, text) => {
    expect(() => parseShadowBundles(text)).toThrow(/allowed: up to 4 different ids/);
  });
});
