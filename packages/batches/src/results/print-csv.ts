const BYTE_ORDER_MARK = '\ufeff';
/** What makes spreadsheets take a text for a formula, also behind blanks. */
const FORMULA = /^\s*[=+\-@\t\r]/;

type Cell = string | number | null;

/**
 * Prints lines of CSV (RFC 4180, lines end in CRLF as there). By `excel` they are for people with a spreadsheet: a byte order mark
 * in front, and an apostrophe before text that could be a formula. Numbers are left as they are.
 */
export function csvPrinter(columns: readonly string[], { excel }: { readonly excel: boolean }) {
  const cellText = (cell: Cell): string => {
    if (cell === null) return '';
    if (typeof cell === 'number') return String(cell);
    const text = excel && FORMULA.test(cell) ? `'${cell}` : cell;
    return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const line = (cells: readonly Cell[]): string => `${cells.map(cellText).join(',')}\r\n`;
  return {
    /** The first line. */
    header: (): string => `${excel ? BYTE_ORDER_MARK : ''}${line(columns)}`,
    /** `values` by column; others of it are left out. */
    row: (values: Readonly<Record<string, unknown>>): string => line(columns.map((column) => asCell(values[column]))),
  };
}

function asCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  return typeof value === 'number' ? value : String(value);
}
