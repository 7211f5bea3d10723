import { describe, expect, it } from 'vitest';
import { findRepeatedKey } from './find-repeated-key.js';

describe('a repeated key', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a" : 1 , "b":{"c":1,"c" \n:2}}', 'c'],
    ['[{"a":1},{"b":[{"x":1,"x":1}]}]', 'x'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"a\\"b":1,"a\\"b":2}', 'a"b'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('is found in %s', (text, key) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(findRepeatedKey(text)).toBe(key);
  });

  it.each([
    '{"a":{"a":{"a":1}},"b":{"a":1}}',
    '[{"a":1},{"a":2}]',
    '{"a":"{\\"a\\":1,","b":"a:","c":["a","a"]}',
    '{"a":"a","b":"\\\\"}',
    '"a"',
  ])('is not found in %s', (text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(findRepeatedKey(text)).toBeNull();
  });
});
