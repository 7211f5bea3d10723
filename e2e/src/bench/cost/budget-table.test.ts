import { expect, it } from 'vitest';
import { budgetRow, budgetTable } from './budget-table.js';

it('lays steps and their limits in columns', () => {
  const rows = [
    budgetRow('decode', 'frame', 2.5, ['ffmpeg to nowhere', 1.25]),
    budgetRow('content network', 'clip', 1234.4, ['its multiply-adds', 617.2]),
    budgetRow('warp', 'frame', 0.25, null),
  ];
  expect(budgetTable(rows)).toEqual([
    'step             per    CPU ms  limit ms  ratio  limit',
    'decode           frame     2.5       1.3    2.0  ffmpeg to nowhere',
    'content network  clip     1234       617    2.0  its multiply-adds',
    'warp             frame   0.250         –      –  –',
  ]);
});

it('gives no ratio to a limit that is unknown or too small to be measured', () => {
  expect(budgetRow('decode', 'frame', 2, ['the same', null]).ratio).toBeNull();
  expect(budgetRow('decode', 'frame', 2, ['the same', 0])).toMatchObject({ ratio: null, limit: 'the same' });
});
