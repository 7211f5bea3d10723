import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { JobError, lackOf } from '@styleflow/contracts';
import { RateFloor, type RateFloorOptions } from '@styleflow/runtime';

export interface FetchProgress {
  readonly bytes: number;
  /** Null when the source does not state its length. */
  readonly totalBytes: number | null;
}

export interface SaveOptions {
  /** The file must not exist yet. */
  readonly toFile: string;
  readonly maxBytes: number;
  readonly totalBytes: number | null;
  readonly onProgress: (progress: FetchProgress) => void;
  /** Sees each chunk before it is written. */
  readonly onChunk?: (chunk: Uint8Array) => void;
  /** How fast the stream must come; any speed without it. */
  readonly floor?: RateFloorOptions | undefined;
}

function tooLarge(maxBytes: number): JobError {
  return new JobError('source_too_large', `The source has more than the ${maxBytes} bytes that are allowed`, {
    details: { maxBytes },
  });
}

function tooSlow({ minBytesPerSecond, windowMs }: RateFloorOptions): JobError {
  const seconds = windowMs / 1000;
  return new JobError(
    'source_unreachable',
    `The source gave fewer than ${minBytesPerSecond} bytes a second for ${seconds} s (STYLEFLOW_MIN_SOURCE_RATE)`,
  );
}

/** A disk that is full, gone or read-only is this worker's fault, not the source's. That a file stands there already is a defect. */
async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code = 'unknown' } = error as { code?: string };
    const reason = code === 'ENOSPC' ? 'no room is left there' : code;
    const message = `The source could not be written to scratch space (STYLEFLOW_SCRATCH_DIR): ${reason}`;
    throw new JobError('internal', message, {
      cause: error,
      ...(code !== 'EEXIST' && { away: lackOf(error) ?? 'scratch' }),
    });
  }
}

/** Writes a stream into a new file, chunk by chunk. After any failure the file is deleted. */
export async function saveStream(stream: Readable, options: SaveOptions): Promise<{ bytes: number; sha256: string }> {
  const { toFile, maxBytes, totalBytes, onProgress, onChunk, floor } = options;
  const rate = floor && new RateFloor(floor);
  // The stream may fail while the file is being opened. Without a listener that would end the process; the loop gets
  // the error.
  stream.on('error', () => undefined);
  if (totalBytes !== null && totalBytes > maxBytes) throw tooLarge(maxBytes);
  const file: FileHandle = await onDisk(open(toFile, 'wx', 0o600));
  let isWhole = false;
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    let askedAt = performance.now();
    for await (const chunk of stream) {
      if (rate && !rate.add(chunk.byteLength, performance.now() - askedAt)) throw tooSlow(floor);
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      hash.update(chunk);
      onChunk?.(chunk);
      await onDisk(file.appendFile(chunk));
      onProgress({ bytes, totalBytes });
      askedAt = performance.now();
    }
    if (totalBytes !== null && bytes !== totalBytes) {
      throw new JobError('source_unreachable', `The source ended after ${bytes} of ${totalBytes} bytes`);
    }
    isWhole = true;
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
    if (!isWhole) await rm(toFile, { force: true });
  }
}
