import type { ManifestFault } from '@styleflow/contracts';
import type { ManifestRow } from './batch-item.js';
import { csvRows } from './csv-rows.js';
import { rowFault, UnreadableManifest } from './manifest-fault.js';
import { ndjsonRows } from './ndjson-rows.js';

/** `auto`: what begins with a brace is NDJSON. */
export type ManifestFormat = 'csv' | 'ndjson' | 'auto';

/** By so many bytes format and delimiter are found. */
const BEGINNING_BYTES = 65_536;

/**
 * The rows of a manifest as a stream, and a fault for each that cannot be read. Memory holds a row and a chunk of the stream.
 * @throws UnreadableManifest where nothing that follows can be read
 */
export async function* readManifest(
  bytes: AsyncIterable<Uint8Array>,
  format: ManifestFormat,
): AsyncGenerator<ManifestRow | ManifestFault, void> {
  const { beginning, all } = await peek(bytes);
  if (isUtf16(beginning)) {
    throw new UnreadableManifest(rowFault(0, 'The manifest is UTF-16; save it as UTF-8.'));
  }
  const text = beginning.toString('utf8').replace(/^\ufeff/, '');
  const isJson = format === 'ndjson' || (format === 'auto' && /^\s*\{/.test(text));
  yield* isJson ? ndjsonRows(all) : csvRows(all, text);
}

function isUtf16(beginning: Buffer): boolean {
  const mark = beginning.subarray(0, 2).toString('hex');
  return mark === 'fffe' || mark === 'feff';
}

/** Reads the beginning and gives it back as a part of the whole. */
async function peek(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly beginning: Buffer; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let length = 0;
  let isOver = false;
  while (length < BEGINNING_BYTES && !isOver) {
    const step = await iterator.next();
    isOver = step.done === true;
    if (step.done !== true) {
      read.push(step.value);
      length += step.value.length;
    }
  }
  async function* all(): AsyncGenerator<Uint8Array, void> {
    try {
      yield* read.splice(0);
      if (isOver) return;
      for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) yield step.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { beginning: Buffer.concat(read).subarray(0, BEGINNING_BYTES), all: all() };
}
