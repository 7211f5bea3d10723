import type { PositionalFile } from '@styleflow/files';
import { openField } from '../write/encode-model.js';

/** Bytes of a file that are copied without being looked at. */
export interface FileRange {
  readonly file: PositionalFile;
  readonly start: number;
  readonly byteLength: number;
}

/** A part of a file to be written: bytes in memory, or bytes of another file. */
export type Piece = Uint8Array | FileRange;

/** Bytes that are read and written at once. */
const CHUNK_BYTES = 4 * 2 ** 20;

export function piecesByteLength(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** A length-delimited protobuf field around `pieces`, which are not copied. */
export function framePieces(field: number, pieces: readonly Piece[]): Piece[] {
  return [openField(field, piecesByteLength(pieces)), ...pieces];
}

/** The bytes of the pieces, a few megabytes at a time. */
export async function* streamPieces(pieces: Iterable<Piece>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      yield piece;
      continue;
    }
    const { file, start, byteLength } = piece;
    for (let at = 0; at < byteLength; at += CHUNK_BYTES) {
      yield await file.read(start + at, Math.min(CHUNK_BYTES, byteLength - at));
    }
  }
}
