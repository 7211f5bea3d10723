import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { writeZip } from './zip-form.js';

/** One entry of a package that lies in a file. */
export interface ReadEntry {
  readonly name: string;
  readonly bytes: number;
  stream(): Readable;
  /** The whole of it; only for what is small. */
  read(): Promise<Buffer>;
}

export interface ReadZip {
  readonly entries: readonly ReadEntry[];
  /** What is wrong with the file around its entries, by name; empty when every byte is where `writeZip` puts it. */
  readonly faults: readonly string[];
}

/** More entries than any job has clips. */
const ENTRIES_MAX = 1_000_000;

/**
 * Reads the table of a package and proves the file's form: the same entries are written once more and compared, so that no byte can
 * stand outside of entries, and none of a header can differ.
 * @throws RangeError for a file that is no ZIP archive
 */
export async function readZip(path: string): Promise<ReadZip> {
  const placed = await listEntries(path);
  const names = new Set<string>();
  const faults: string[] = [];
  for (const { name } of placed) {
    if (names.has(name)) faults.push(`${name}: the name stands in the package twice`);
    names.add(name);
  }
  const entries = placed.map(({ name, bytes, start }): ReadEntry => {
    const stream = (): Readable =>
      bytes === 0 ? Readable.from([]) : createReadStream(path, { start, end: start + bytes - 1 });
    return { name, bytes, stream, read: async () => Buffer.concat(await stream().toArray()) };
  });
  if (faults.length === 0) {
    const offset = await firstDifference(createReadStream(path), writeZip(entries.map(asWritten)));
    if (offset !== null) faults.push(placeOf(offset, placed));
  }
  return { entries, faults };
}

const asWritten = ({ name, stream }: ReadEntry) => ({ name, open: stream });

interface PlacedEntry {
  readonly name: string;
  readonly bytes: number;
  readonly start: number;
}

async function listEntries(path: string): Promise<PlacedEntry[]> {
  const { size } = await stat(path);
  const options = { lazyEntries: true, decodeStrings: true, strictFileNames: true, autoClose: false };
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(path, options, (error, opened) => (error ? reject(noZip(error)) : resolve(opened)));
  });
  try {
    const entries: PlacedEntry[] = [];
    for (;;) {
      const entry = await nextEntry(zip);
      if (entry === null) return entries;
      const { fileDataStart: start } = await dataStart(zip, entry);
      const bytes = entry.compressedSize;
      if (entry.compressionMethod !== 0 || start + bytes > size || entries.length >= ENTRIES_MAX) {
        throw new RangeError(`${entry.fileName}: it is not stored as packages store it`);
      }
      entries.push({ name: entry.fileName, bytes, start });
    }
  } finally {
    zip.close();
  }
}

function nextEntry(zip: yauzl.ZipFile): Promise<yauzl.Entry | null> {
  return new Promise((resolve, reject) => {
    const done = (end: () => void): void => {
      zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error');
      end();
    };
    zip.once('entry', (entry: yauzl.Entry) => done(() => resolve(entry)));
    zip.once('end', () => done(() => resolve(null)));
    zip.once('error', (error: Error) => done(() => reject(noZip(error))));
    zip.readEntry();
  });
}

function dataStart(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<{ fileDataStart: number }> {
  return new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, header) =>
      error ? reject(noZip(error)) : resolve(header),
    );
  });
}

const noZip = (error: Error): RangeError => new RangeError(`the package's table cannot be read: ${error.message}`);

/** Where two streams differ first; null when they are the same to their ends. */
async function firstDifference(one: Readable, other: Readable): Promise<number | null> {
  const others = other[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  try {
    for await (const chunk of one as AsyncIterable<Buffer>) {
      while (rest.length < chunk.length) {
        const { value, done } = await others.next();
        if (done) break;
        rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
      }
      const same = rest.subarray(0, chunk.length);
      if (!same.equals(chunk)) return offset + differenceIn(chunk, same);
      rest = rest.subarray(chunk.length);
      offset += chunk.length;
    }
    return rest.length > 0 || !(await others.next()).done ? offset : null;
  } finally {
    one.destroy();
    other.destroy();
  }
}

function differenceIn(one: Buffer, other: Buffer): number {
  for (let index = 0; index < other.length; index += 1) if (one[index] !== other[index]) return index;
  return other.length;
}

function placeOf(offset: number, entries: readonly PlacedEntry[]): string {
  const before = entries.filter(({ start, bytes }) => offset >= start + bytes).at(-1);
  const next = entries.find(({ start }) => offset < start);
  const place = next ? `before ${next.name}` : before ? `behind ${before.name}` : 'at its beginning';
  return `the package ${place}: a byte at ${offset} stands outside of its entries, or was changed`;
}
