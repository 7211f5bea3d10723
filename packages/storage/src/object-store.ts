import type { Readable } from 'node:stream';

export interface ObjectFacts {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

export interface SignedUpload {
  readonly url: string;
  readonly method: 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

/**
 * Where large bytes live.
 *
 * Promises: a `put` is whole or absent (readers never see half an object); the last writer of a key wins; reads after
 * a finished write see it; `delete` of what is absent succeeds; an outage is JobError `storage_unavailable`.
 * Leaves out: conditional writes, locks, renames. Correctness comes from derived keys, not from the store.
 */
export interface ObjectStore {
  /** For logs and `/v1/system`, without credentials: `s3://bucket/prefix` or `file:/data/store`. */
  readonly address: string;
  put(key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /**
   * Streams with back-pressure; memory is bounded whatever the length.
   * More than `maxBytes`: JobError `payload_too_large`, and nothing is stored.
   */
  putStream(
    key: string,
    body: AsyncIterable<Uint8Array>,
    options: { contentType: string; maxBytes?: number; signal?: AbortSignal },
  ): Promise<{ bytes: number; sha256: string }>;
  /** Null when absent. Only for small objects. */
  get(key: string): Promise<Buffer | null>;
  /** Null when absent. */
  getStream(
    key: string,
    signal?: AbortSignal,
  ): Promise<{ stream: Readable; bytes: number; contentType: string } | null>;
  head(key: string): Promise<ObjectFacts | null>;
  /** Keys that start with `prefix`, in key order, page by page. */
  list(prefix: string): AsyncIterable<ObjectFacts>;
  delete(keys: readonly string[]): Promise<void>;
  /** How many objects were deleted. */
  deletePrefix(prefix: string): Promise<number>;
  /** False when `from` is absent. */
  copy(from: string, to: string): Promise<boolean>;
  /** A URL to which anyone may PUT one object of at most `maxBytes` until it expires. */
  signUpload(key: string, options: { expiresInSeconds: number; maxBytes: number }): Promise<SignedUpload>;
  /** Throws `storage_unavailable` when the store cannot be reached or written. */
  check(): Promise<void>;
  close(): Promise<void>;
}
