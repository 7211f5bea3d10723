import { describe, expect, it } from 'vitest';
import { csvPrinter } from './print-csv.js';

const COLUMNS = ['id', 'score'];

describe('CSV of results', () => {
  it('quotes what would break a line, and nothing else', () => {
    const { header, row } = csvPrinter(COLUMNS, { excel: false });
    expect(header()).toBe('id,score\r\n');
    expect(row({ id: 'a "b", c\nd', score: -0.5, other: 1 })).toBe('"a ""b"", c\nd",-0.5\r\n');
    expect(row({ id: '=1+1', score: null })).toBe('=1+1,\r\n');
    expect(row({ id: ' a ' })).toBe('" a ",\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1'])(
    'for spreadsheets makes no formula of %j, and no text of a number',
    (id) => {
      const { header, row } = csvPrinter(COLUMNS, { excel: true });
      expect(header()).toBe('\ufeffid,score\r\n');
      expect(row({ id, score: -0.5 }).replace(/^"/, '')).toMatch(/^'/);
      expect(row({ id, score: -0.5 })).toContain(',-0.5\r\n');
    },
  );
});
