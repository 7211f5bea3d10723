import type { BatchItem } from './documented.js';

/** What a batch is made of: rows, or a file with rows, or an upload that holds such a file. */
export type BatchManifest =
  | { readonly items: Iterable<BatchItem> | AsyncIterable<BatchItem> }
  | { readonly csv: string | Blob }
  | { readonly ndjson: string | Blob }
  | { readonly uploadId: string };

/** A manifest as bytes. They can be sent several times. */
export interface SizedManifest {
  readonly format: 'csv' | 'ndjson';
  readonly bytes: Blob;
  readonly size: number;
}

/** Rows are gathered to pieces of this length, since a piece for each row would cost more than the row. */
const PIECE_LETTERS = 1 << 20;

/** The manifest as bytes; null where it has been uploaded. */
export async function manifestBytes(manifest: BatchManifest): Promise<SizedManifest | null> {
  if ('uploadId' in manifest) return null;
  if ('csv' in manifest) return sized('csv', new Blob([manifest.csv]));
  if ('ndjson' in manifest) return sized('ndjson', new Blob([manifest.ndjson]));
  const pieces: Blob[] = [];
  let piece = '';
  for await (const item of manifest.items) {
    piece += `${JSON.stringify(item)}\n`;
    if (piece.length < PIECE_LETTERS) continue;
    pieces.push(new Blob([piece]));
    piece = '';
  }
  return sized('ndjson', new Blob([...pieces, piece]));
}

function sized(format: SizedManifest['format'], bytes: Blob): SizedManifest {
  return { format, bytes, size: bytes.size };
}
