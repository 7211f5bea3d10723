import { expect, it } from 'vitest';
import { namesVnni } from './has-vnni.js';

it.each([
  ['fpu avx2 avx512f avx512_vnni avx512_bitalg', true],
  ['fpu avx2 avx_vnni', true],
  ['fpu avx2 avx512f avx512vl', false],
  ['fp asimd asimddp', false],
  ['', false],
])('of the features "%s" VNNI is one: %s', (features, expected) => {
  expect(namesVnni(features)).toBe(expected);
});
