import { describe, expect, it } from 'vitest';
import { csvCell } from './export-jobs.js';
import { isNarrowed, printFilters, queryOf, readFilters } from './filters.js';

const NONE = { status: '', verdict: '', minScore: '', maxScore: '', batch: '', q: '' };

describe('the filters of the list', () => {
  it('stand in the address and are read from it again, whatever was typed', () => {
    const filters = { ...NONE, status: 'failed', minScore: '0,5', q: 'a&b=c #é <i>' };
    const address = printFilters(filters);
    expect(address).toMatch(/^\/jobs\?status=failed&minScore=0%2C5&q=/);
    expect(readFilters(address.slice('/jobs?'.length))).toEqual(filters);
    expect(printFilters(NONE)).toBe('/jobs');
    expect(readFilters('other=1')).toEqual(NONE);
  });

  it('go to the API as it takes them: scores with a point or a comma, without what is no score', () => {
    expect(queryOf({ ...NONE, minScore: '0,25', maxScore: '0.75', q: '  film ' })).toEqual({
      ...{ minScore: 0.25, maxScore: 0.75, q: 'film' },
    });
    for (const minScore of ['2', '-1', 'much', '0,5,5']) expect(queryOf({ ...NONE, minScore })).toEqual({});
    expect(queryOf({ ...NONE, minScore: '0', maxScore: '1' })).toEqual({ minScore: 0, maxScore: 1 });
    expect(queryOf({ ...NONE, q: '   ' })).toEqual({});
  });

  it('narrow the list as soon as one of them is set', () => {
    expect(isNarrowed(NONE)).toBe(false);
    expect(isNarrowed({ ...NONE, batch: 'bat_1' })).toBe(true);
  });
});

it('no cell of an exported list is taken for a formula, nor breaks out of its place', () => {
  expect(csvCell('=HYPERLINK("x")')).toBe(`"'=HYPERLINK(""x"")"`);
  expect(['+1', '-1', '@a', '\tb'].map(csvCell)).toEqual(["'+1", "'-1", "'@a", "'\tb"]);
  expect(csvCell('one, "two"\nthree')).toBe('"one, ""two""\nthree"');
  expect([csvCell(-0.5), csvCell(null), csvCell(undefined), csvCell('фильм')]).toEqual(['-0.5', '', '', 'фильм']);
});
