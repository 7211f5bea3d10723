import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { JobError } from '@styleflow/contracts';
import { EtagDigest } from './etag-digest.js';
import type { FetchedSource, FetchOptions } from './fetch-url.js';
import { type FetchProgress, saveStream } from './save-stream.js';
import { startDeadline } from './start-deadline.js';

/** The part of an object store that is used here. */
export interface StoredSource {
  getStream(
    key: string,
    signal?: AbortSignal,
  ): Promise<{
    readonly stream: Readable;
    readonly bytes: number;
    readonly contentType: string;
    /** What the store says of the bytes; absent where it says nothing, or encrypts them. */
    readonly etag?: string | undefined;
  } | null>;
}

/**
 * Copies an object of a store into a new local file and digests it. The answer is the same as that of `fetchUrl`. Bytes that do
 * not fit the object's ETag are read again: twice the same is what lies there, whatever the ETag means on this store.
 * @throws JobError `source_unreachable` (not retryable when the object is absent), `source_too_large`, `internal` when
 *   the file cannot be written, `storage_unavailable` when two readings differ; what the store itself throws; the signal's reason
 *   after an abort.
 */
export async function fetchStored(store: StoredSource, key: string, options: FetchOptions): Promise<FetchedSource> {
  const { isDoubtful, ...fetched } = await readOnce(store, key, options);
  if (!isDoubtful) return fetched;
  await rm(options.toFile);
  const { isDoubtful: isDoubtfulAgain, ...again } = await readOnce(store, key, options);
  if (!isDoubtfulAgain || again.sha256 === fetched.sha256) return again;
  await rm(options.toFile);
  throw new JobError('storage_unavailable', 'The object store gave other bytes of the source each time it was read.');
}

async function readOnce(
  store: StoredSource,
  key: string,
  options: FetchOptions,
): Promise<FetchedSource & { readonly isDoubtful: boolean }> {
  const deadline = startDeadline(options);
  let stream: Readable | undefined;
  try {
    const found = await store.getStream(key, deadline.signal);
    if (found === null) {
      throw new JobError('source_unreachable', 'The source is not in the object store', { retryable: false });
    }
    stream = found.stream;
    deadline.touch();
    const onProgress = (progress: FetchProgress): void => {
      deadline.touch();
      options.onProgress?.(progress);
    };
    const { toFile, maxBytes } = options;
    const digest = new EtagDigest();
    const onChunk = (chunk: Uint8Array): void => digest.update(chunk);
    const saved = await saveStream(stream, { toFile, maxBytes, totalBytes: found.bytes, onProgress, onChunk });
    const isDoubtful = found.etag !== undefined && digest.matches(found.etag) === false;
    return { ...saved, contentType: found.contentType, isDoubtful };
  } catch (error) {
    if (deadline.signal.aborted) throw deadline.signal.reason;
    if (error instanceof JobError) throw error;
    throw new JobError('source_unreachable', 'The source could not be read from the object store', { cause: error });
  } finally {
    stream?.destroy();
    deadline.stop();
  }
}
