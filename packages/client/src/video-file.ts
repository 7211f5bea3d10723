import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { VideoBytes } from './send-bytes.js';

/** An open file as bytes to send. Its length is that at opening. */
export interface VideoFile extends VideoBytes {
  readonly name: string;
  slice(from: number, to: number): VideoBytes;
  close(): Promise<void>;
}

const CHUNK_BYTES = 1 << 18;

/** @throws the file system's own error when the file cannot be read, `EISDIR` for a folder */
export async function openVideoFile(path: string): Promise<VideoFile> {
  const handle = await open(path);
  const facts = await handle.stat();
  if (facts.isDirectory()) {
    await handle.close();
    throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
  }
  const slice = (from: number, to: number): VideoBytes => ({
    size: to - from,
    stream: () => readRange(handle, from, to),
  });
  // A file that grows meanwhile is cut at its length.
  return { name: basename(path), ...slice(0, facts.size), slice, close: () => handle.close() };
}

/** Reads by place, so that several may read one file at once. */
function readRange(handle: FileHandle, from: number, to: number): ReadableStream<Uint8Array> {
  let at = from;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (at === to) return controller.close();
        const chunk = new Uint8Array(Math.min(CHUNK_BYTES, to - at));
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
        if (bytesRead === 0) throw new Error('the file has become shorter while it was read');
        at += bytesRead;
        controller.enqueue(chunk.subarray(0, bytesRead));
      },
    },
    { highWaterMark: 0 },
  );
}
