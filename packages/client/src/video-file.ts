import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { VideoBytes } from './send-bytes.js';

/** An open file as bytes to send. Its length is that at opening. */
export interface VideoFile extends VideoBytes {
  readonly name: string;
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
  return {
    name: basename(path),
    size: facts.size,
    // The same class, named once by Node's module and once globally. A file that grows meanwhile is cut at its length.
    stream: () =>
      Readable.toWeb(
        facts.size === 0
          ? Readable.from([])
          : createReadStream(path, {
              fd: handle,
              autoClose: false,
              start: 0,
              end: facts.size - 1,
              highWaterMark: CHUNK_BYTES,
            }),
      ) as ReadableStream<Uint8Array>,
    close: () => handle.close(),
  };
}
