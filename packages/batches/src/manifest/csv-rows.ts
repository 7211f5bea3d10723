import { Readable } from 'node:stream';
import { MANIFEST_COLUMNS, MAX_ROW_BYTES, type ManifestFault, OPTION_COLUMN_PREFIX } from '@styleflow/contracts';
import { CsvError, parse } from 'csv-parse';
import type { ManifestRow } from './batch-item.js';
import { rowFault, UnreadableManifest } from './manifest-fault.js';

const DELIMITERS = [',', ';', '\t'] as const;
/** So many rows that cannot be read mean that this is no CSV, or that a quote is open. */
const MAX_BROKEN_ROWS = 1_000;
const MAX_COLUMNS = 200;
/** A millisecond or two of the parser's work. */
const PIECE_BYTES = 16_384;

/** The delimiter that the header uses most, outside of quotes. */
export function findDelimiter(beginning: string): string {
  const header = beginning.replace(/"[^"]*"/g, '').split(/\r|\n/, 1)[0] ?? '';
  const count = (delimiter: string): number => header.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/**
 * Rows of CSV with a header, and a fault for each that cannot be read. `beginning`: its first bytes, by which the delimiter is
 * found.
 * @throws UnreadableManifest where nothing that follows can be read: no header with a source, an open quote, an endless cell
 */
export async function* csvRows(
  bytes: AsyncIterable<Uint8Array>,
  beginning: string,
): AsyncGenerator<ManifestRow | ManifestFault, void> {
  const broken: ManifestFault[] = [];
  // The parser counts a line end of two characters within a cell twice.
  let countedTwice = 0;
  /** Where the row after the last one that was read begins. */
  let begins = 1;
  const parser = parse({
    delimiter: findDelimiter(beginning),
    record_delimiter: ['\r\n', '\n', '\r'],
    bom: true,
    info: true,
    relax_column_count: true,
    // A lone quote (5" screens) is a part of its cell; refused, it would take the following rows with it.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW_BYTES,
  });
  parser.on('skip', (error: CsvError | undefined) => {
    if (error === undefined) return;
    broken.push(brokenRow(error, { begins, countedTwice }));
    if (isLost(error) || broken.length > MAX_BROKEN_ROWS) parser.destroy(error);
  });
  const source = Readable.from(inPieces(bytes), { objectMode: false });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let header: readonly string[] | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const line = info.lines - countedTwice - countMatches(record, /[\r\n]/g);
      countedTwice += countMatches(record, /\r\n/g);
      begins = info.lines - countedTwice + 1;
      yield* broken.splice(0);
      if (header === null) {
        header = readHeader(record, line);
        continue;
      }
      if (record.length > header.length) {
        yield rowFault(line, `The row has ${record.length} cells, and the header ${header.length} columns.`);
        continue;
      }
      const cells = header.map((name, at) => [name, record[at] ?? ''] as const).filter(([, cell]) => cell !== '');
      yield { line, cells: Object.fromEntries(cells) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    yield* broken.splice(0, broken.length - 1);
    throw new UnreadableManifest(brokenRow(error, { begins, countedTwice }));
  } finally {
    source.destroy();
    parser.destroy();
  }
  yield* broken;
  if (header === null) throw new UnreadableManifest(rowFault(0, 'The manifest has no header.'));
}

/** The parser works through what it is given at a stretch. */
async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) yield chunk.subarray(from, from + PIECE_BYTES);
  }
}

function countMatches(record: readonly string[], pattern: RegExp): number {
  return record.reduce((sum, cell) => sum + (cell.match(pattern)?.length ?? 0), 0);
}

/** Whether the parser cannot know any more where the next row begins. */
function isLost({ code }: CsvError): boolean {
  return code === 'CSV_MAX_RECORD_SIZE' || code === 'CSV_QUOTE_NOT_CLOSED';
}

/** The row that has no end is told by its beginning: that is where its quote is. */
function brokenRow(error: CsvError, lines: { readonly begins: number; readonly countedTwice: number }): ManifestFault {
  const told: unknown = Reflect.get(error, 'lines');
  const line = isLost(error) ? lines.begins : typeof told === 'number' ? told - lines.countedTwice : 0;
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return rowFault(
        line,
        `A row has more than ${MAX_ROW_BYTES} bytes, or a quote is not closed; nothing after it was read.`,
      );
    case 'CSV_QUOTE_NOT_CLOSED':
      return rowFault(line, 'A quote is not closed; nothing after it was read.');
    default:
      return rowFault(line, `The row cannot be read as CSV: ${error.message}.`);
  }
}

/** @throws UnreadableManifest that names what the header lacks */
function readHeader(record: readonly string[], line: number): readonly string[] {
  const names = record.map((name) => name.trim());
  const fail = (message: string, column: string | null = null): never => {
    throw new UnreadableManifest(rowFault(line, message, column));
  };
  if (names.length > MAX_COLUMNS) fail(`The header has more than ${MAX_COLUMNS} columns.`);
  if (!names.includes('source')) {
    const known = [...MANIFEST_COLUMNS, `${OPTION_COLUMN_PREFIX}*`].join(', ');
    fail(`The header has no column "source"; columns with a meaning: ${known}.`, 'source');
  }
  const repeated = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
  if (repeated !== undefined)
    fail(`The header has the column "${repeated.slice(0, 100)}" twice.`, repeated.slice(0, 100));
  // A column without a name is what spreadsheets leave behind their last one.
  return names.map((name, at) => (name === '' ? `column ${at + 1}` : name));
}
