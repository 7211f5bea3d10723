import type { Readable } from 'node:stream';
import { JobError } from '@styleflow/contracts';
import type { FetchedSource, FetchOptions } from './fetch-url.js';
import { type FetchProgress, saveStream } from './save-stream.js';
import { startDeadline } from './start-deadline.js';

/** The part of an object store that is used here. */
export interface StoredSource {
  getStream(
    key: string,
    signal?: AbortSignal,
  ): Promise<{ readonly stream: Readable; readonly bytes: number; readonly contentType: string } | null>;
}

/**
 * Copies an object of a store into a new local file and digests it. The answer is the same as that of `fetchUrl`.
 * @throws JobError `source_unreachable` (not retryable when the object is absent), `source_too_large`, `internal` when
 *   the file cannot be written; what the store itself throws; the signal's reason after an abort.
 */
export async function fetchStored(store: StoredSource, key: string, options: FetchOptions): Promise<FetchedSource> {
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
    const saved = await saveStream(stream, { toFile, maxBytes, totalBytes: found.bytes, onProgress });
    return { ...saved, contentType: found.contentType };
  } catch (error) {
    if (deadline.signal.aborted) throw deadline.signal.reason;
    if (error instanceof JobError) throw error;
    throw new JobError('source_unreachable', 'The source could not be read from the object store', { cause: error });
  } finally {
    stream?.destroy();
    deadline.stop();
  }
}
