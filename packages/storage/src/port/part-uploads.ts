import type { SignedUpload } from './signed-upload.js';

/** An object that comes in parts and is not joined yet. */
export interface PartUpload {
  readonly key: string;
  /** What the store calls it. */
  readonly ref: string;
}

/** A part that is there; they are numbered from 1. */
export interface StoredPart {
  readonly part: number;
  readonly bytes: number;
}

/**
 * Objects that come in parts, by signed addresses, in any order and several at once.
 *
 * Promises:
 * - Nothing is at the key before `join`; then the whole object is, as of one writer. A part that is sent again replaces the earlier one
 *   until then, and changes nothing afterwards.
 * - What was aborted or joined leaves nothing; a part that arrives later is found by `open` and aborted again.
 * Outages are those of the store.
 *
 * Of S3 every part but the last has 5 MiB at least, and there are 10,000 at most.
 */
export interface PartUploads {
  begin(key: string): Promise<PartUpload>;
  /** An address to which anyone may PUT this part, of exactly so many bytes, until it expires. */
  sign(
    upload: PartUpload,
    part: { readonly part: number; readonly bytes: number; readonly expiresInSeconds: number },
  ): Promise<SignedUpload>;
  /**
   * The parts that are there, by their numbers; null when it was aborted or never begun. Of what was joined some servers still tell the
   * parts: look for the object first.
   */
  stored(upload: PartUpload): Promise<StoredPart[] | null>;
  /** Makes the object of its parts 1 to `count`, all of which must be there. False when it was aborted or never begun, mostly also when it was joined. */
  join(upload: PartUpload, count: number): Promise<boolean>;
  abort(upload: PartUpload): Promise<void>;
  /** Those whose keys start with `prefix` and of which anything is there, with the time of their beginning or of a part. */
  open(prefix: string): AsyncIterable<PartUpload & { readonly since: Date }>;
}
