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
 * Promises: a `put` is whole or absent (readers never see half an object, whoever is killed); the last writer of a key
 * wins; reads after a finished write see it; `delete` of what is absent succeeds; an outage is JobError
 * `storage_unavailable`, also in the middle of a stream; an abort throws the signal's reason; what a body throws while
 * it is read is thrown on as it is.
 *
 * Keys: 1 to 1024 bytes of UTF-8 in segments parted by `/`, none of them empty, `.` or `..`; a key is not also the
 * folder of another key. Our own are spelled in object-keys.ts.
 *
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
  /** Null when absent. `bytes` is the object's length; a stream that ends before it throws. Destroy what is not read. */
  getStream(
    key: string,
    signal?: AbortSignal,
  ): Promise<{ stream: Readable; bytes: number; contentType: string } | null>;
  head(key: string): Promise<ObjectFacts | null>;
  /** Keys that start with `prefix`, in the order of their UTF-8 bytes, page by page: any number of them. */
  list(prefix: string): AsyncIterable<ObjectFacts>;
  delete(keys: readonly string[]): Promise<void>;
  /** How many objects were deleted. The empty prefix is refused: nobody means the whole store. */
  deletePrefix(prefix: string): Promise<number>;
  /** Inside the store, up to 5 GB; keeps the content type. False when `from` is absent. */
  copy(from: string, to: string): Promise<boolean>;
  /**
   * A URL to which anyone may PUT this object until it expires (again, too: the last one wins).
   * The file store refuses more than `maxBytes`; S3 cannot, so whoever takes an upload over looks at `head().bytes`.
   */
  signUpload(key: string, options: { expiresInSeconds: number; maxBytes: number }): Promise<SignedUpload>;
  /** Throws `storage_unavailable` when the store cannot be reached or (looked at once a process) written. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** What reading needs: what a job's S3 source is opened as, so that nothing can write to it or delete it. */
export type ReadableStore = Pick<ObjectStore, 'address' | 'head' | 'getStream' | 'close'>;
