import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { JobError } from '@styleflow/contracts';
import { CsvError, parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';

export type ManifestFormat = 'csv' | 'ndjson';

/** A row of a manifest on this machine. */
export interface LocalRow {
  /** From 1, as editors count. */
  readonly line: number;
  readonly cells: Readonly<Record<string, unknown>>;
}

const FORMATS: Readonly<Record<string, ManifestFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'ndjson',
};
const DELIMITERS = [',', ';', '\t'] as const;
const BEGINNING_BYTES = 4096;

/** The format of a manifest by its file's name; null for any other file. */
export function manifestFormat(path: string): ManifestFormat | null {
  return FORMATS[extname(path).toLowerCase()] ?? null;
}

/**
 * The rows of a manifest, read as they are needed. `.json` holds a list of rows, also as `items` or `manifest.items`.
 * @throws JobError `invalid_request` for what cannot be read, with its line
 */
export async function* readLocalManifest(path: string): AsyncGenerator<LocalRow, void> {
  if (extname(path).toLowerCase() === '.json') yield* jsonRows(path);
  else if (manifestFormat(path) === 'csv') yield* csvRows(path);
  else yield* ndjsonRows(path);
}

async function* jsonRows(path: string): AsyncGenerator<LocalRow, void> {
  const value = parseJson(path, 1, await readFile(path, 'utf8'));
  const items = [value, at(value, 'items'), at(at(value, 'manifest'), 'items')].find((each) => Array.isArray(each));
  if (!Array.isArray(items)) throw refused(`${path}: a list of rows is expected, or one as "items"`);
  for (const [index, item] of items.entries()) yield { line: index + 1, cells: cellsOf(path, index + 1, item) };
}

async function* ndjsonRows(path: string): AsyncGenerator<LocalRow, void> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    const json = text.replace(/^\ufeff/, '').trim();
    if (json !== '') yield { line, cells: cellsOf(path, line, parseJson(path, line, json)) };
  }
}

async function* csvRows(path: string): AsyncGenerator<LocalRow, void> {
  const parser = parse({
    delimiter: await findDelimiter(path),
    record_delimiter: ['\r\n', '\n', '\r'],
    bom: true,
    columns: (header: string[]) => header.map((name) => name.trim()),
    info: true,
    skip_empty_lines: true,
    relax_column_count_less: true,
  });
  const file = createReadStream(path);
  file.on('error', (error) => parser.destroy(error));
  file.pipe(parser);
  try {
    type Read = { record: Record<string, string>; info: { lines: number } };
    let countedTwice = 0;
    for await (const { record, info } of parser as AsyncIterable<Read>) {
      // The parser knows the line at which the row ends, but counts `\r\n` in a quoted cell as two.
      const cells = Object.values(record).join('');
      countedTwice += cells.match(/\r\n/g)?.length ?? 0;
      const breaks = cells.match(/\r\n|\n|\r/g)?.length ?? 0;
      yield { line: info.lines - countedTwice - breaks, cells: record };
    }
  } catch (error) {
    if (error instanceof CsvError) throw refused(`${path}: ${error.message}`);
    throw error;
  } finally {
    file.destroy();
    parser.destroy();
  }
}

/** The delimiter that the header uses most, outside of quotes. */
async function findDelimiter(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0);
    const header =
      buffer
        .toString('utf8', 0, bytesRead)
        .replace(/"[^"]*"/g, '')
        .split(/\r|\n/, 1)[0] ?? '';
    const count = (delimiter: string): number => header.split(delimiter).length;
    return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
  } finally {
    await file.close();
  }
}

/** Prints rows one after the other; of CSV with the header before the first, whose columns it takes. */
export function manifestPrinter(format: ManifestFormat): (cells: Readonly<Record<string, unknown>>) => string {
  let columns: readonly string[] | null = null;
  return (cells) => {
    if (format === 'ndjson') return `${JSON.stringify(cells)}\n`;
    const isFirst = columns === null;
    columns ??= Object.keys(cells);
    return stringify([...(isFirst ? [columns] : []), columns.map((name) => cells[name] ?? '')]);
  };
}

function cellsOf(path: string, line: number, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw refused(`${path}: line ${line} is no JSON object`);
}

function parseJson(path: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new JobError('invalid_request', `${path}: line ${line} is no JSON`, { cause });
  }
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function refused(sentence: string): JobError {
  return new JobError('invalid_request', sentence);
}
