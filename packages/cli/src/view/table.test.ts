import { expect, it } from 'vitest';
import { sizeText, tableLines } from './table.js';

it('aligns names to the left and numbers to the right', () => {
  const rows = [
    ['content', 1234567, 'C 32'],
    ['psp', 8, 'S 8, a b'],
  ];
  expect(tableLines(['role', 'parameters', 'widths'], rows)).toEqual([
    'role     parameters  widths',
    'content   1,234,567  C 32',
    'psp               8  S 8, a b',
  ]);
});

it('keeps names from steering the terminal', () => {
  expect(tableLines(['file'], [['\u001b[2Jx\n']])).toEqual(['file', '?[2Jx?']);
});

it('writes sizes in decimal units', () => {
  expect([0, 999, 1000, 59_123_456, 4_200_123_456].map(sizeText)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '59.1 MB',
    '4.2 GB',
  ]);
});
