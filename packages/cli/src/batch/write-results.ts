import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { ResultRow, StyleFlowClient } from '@styleflow/client';
import { RESULT_COLUMNS } from '@styleflow/contracts';
import { stringify } from 'csv-stringify/sync';

export interface ResultsWish {
  readonly format: 'ndjson' | 'csv';
  readonly follow: boolean;
  readonly excel: boolean;
  readonly cursor?: string | undefined;
  readonly signal: AbortSignal;
}

/** Lines end as in the API's CSV. */
const CSV = { record_delimiter: '\r\n' } as const;

/** Where the results go on that are not there yet; null when all rows were written. */
export type NextCursor = string | null;

/**
 * Writes the results of a batch as they come. A follower reads rows, which go on after a break of the connection; CSV is then made
 * here, of the same columns. Anything else is passed on as the API sends it.
 */
export async function writeResults(
  client: Pick<StyleFlowClient, 'batches'>,
  id: string,
  { format, follow, excel, cursor, signal }: ResultsWish,
  out: Writable,
): Promise<NextCursor> {
  if (follow && !excel) {
    if (format === 'csv' && cursor === undefined) await write(out, stringify([[...RESULT_COLUMNS]], CSV));
    for await (const row of client.batches.results(id, { follow, cursor, signal })) {
      await write(out, format === 'csv' ? csvLine(row) : `${JSON.stringify(row)}\n`);
    }
    return null;
  }
  const { bytes, nextCursor } = await client.batches.exportResults(id, { format, follow, excel, cursor, signal });
  await copy(bytes, out);
  return nextCursor;
}

/** Writes a stream of bytes as they come. */
export async function copy(bytes: ReadableStream<Uint8Array>, out: Writable): Promise<void> {
  for await (const chunk of bytes) await write(out, chunk);
}

function csvLine(row: ResultRow): string {
  return stringify([RESULT_COLUMNS.map((column) => row[column] ?? '')], CSV);
}

/** A slow reader is waited for, so that rows do not pile up in memory. */
async function write(out: Writable, text: string | Uint8Array): Promise<void> {
  if (!out.write(text)) await once(out, 'drain');
}
