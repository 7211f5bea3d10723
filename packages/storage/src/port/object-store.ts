import type { Readable } from 'node:stream';
import type { PartUploads } from './part-uploads.js';
import type { SignedUpload } from './signed-upload.js';

export type { SignedUpload };

export interface ObjectFacts {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** An object that is being read. */
export interface ReadObject {
  readonly stream: Readable;
  readonly bytes: number;
  readonly contentType: string;
  /** What the store says of the bytes, as it says it; absent where it says nothing. */
  readonly etag?: string | undefined;
}

/**
 * Where large bytes live.
 *
 * Promises:
 * - A written object is whole or absent: readers never see half of it, even when the writer is killed.
 * - The last writer of a key wins, and reads after a finished write see it. Deleting what is absent succeeds.
 * - An outage is JobError `storage_unavailable`, also in the middle of a stream. An abort throws the signal's reason.
 *   What a body throws while it is read is thrown unchanged.
 *
 * Keys: 1 to 1024 bytes of UTF-8, in segments separated by `/`. No segment is empty, `.` or `..`, and no key is also
 * the folder of another key. The product's own keys are spelled in object-keys.ts.
 *
 * Leaves out: conditional writes, locks, renames. Nothing needs them, since keys are derived from ids and a stage that
 * runs twice writes the same objects.
 */
export interface ObjectStore {
  /** For logs and `/v1/system`, without credentials: `s3://bucket/prefix` or `file:/data/store`. */
  readonly address: string;
  /** Objects that come in parts. */
  readonly parts: PartUploads;
  put(key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /**
   * Stores a stream with back-pressure, in bounded memory whatever its length.
   * @throws JobError `payload_too_large` when it has more than `maxBytes`; nothing is stored then.
   */
  putStream(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: { contentType: string; maxBytes?: number; signal?: AbortSignal },
  ): Promise<{ bytes: number; sha256: string }>;
  /** Reads a whole object, so it is for small ones only. Null when absent. */
  get(key: string): Promise<Buffer | null>;
  /**
   * Null when absent. A stream that ends before `bytes`, the object's length, throws. Destroy a stream that you do not
   * read.
   */
  getStream(key: string, signal?: AbortSignal): Promise<ReadObject | null>;
  head(key: string): Promise<ObjectFacts | null>;
  /**
   * Keys that start with `prefix`, in the order of their UTF-8 bytes. They come page by page, so there may be any
   * number.
   */
  list(prefix: string): AsyncIterable<ObjectFacts>;
  delete(keys: readonly string[]): Promise<void>;
  /** Answers how many objects were deleted. The empty prefix is refused, since it would delete the whole store. */
  deletePrefix(prefix: string): Promise<number>;
  /** Copies an object inside the store, with its content type. False when `from` is absent. */
  copy(from: string, to: string): Promise<boolean>;
  /**
   * A URL to which anyone may PUT this object until it expires; of several uploads the last one counts. The file store
   * refuses more than `maxBytes`. S3 cannot, so callers must look at `head().bytes` before they use an upload; with `bytes`,
   * which are signed as the length, both take exactly so many.
   */
  signUpload(
    key: string,
    options: { expiresInSeconds: number; maxBytes: number; bytes?: number | undefined },
  ): Promise<SignedUpload>;
  /**
   * Resolves when what was written before is in the very store that it was meant for, as far as the store can tell. Call it before
   * anybody is told that something is stored: what nobody could make again must not lie in a store that took another's place.
   */
  confirm(): Promise<void>;
  /**
   * Writes, reads and deletes a small object. Throws `storage_unavailable` when that cannot be done.
   */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** A store for reading. A job's S3 source is opened as one, so that nothing can write to it or delete it. */
export type ReadableStore = Pick<ObjectStore, 'address' | 'head' | 'getStream' | 'close'>;
