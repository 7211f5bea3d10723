import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { VideoFile } from '@styleflow/client';

/** SHA-256 of a file, in hex. */
export async function digestFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}

/** The file, whose digest is taken as it is read from its beginning to its end. */
export function digested(file: VideoFile): { readonly video: VideoFile; sha256(): string } {
  let hash: Hash | undefined;
  return {
    video: {
      ...file,
      stream: () => {
        const taken = createHash('sha256');
        hash = taken;
        const take = new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            taken.update(chunk);
            controller.enqueue(chunk);
          },
        });
        return file.stream().pipeThrough(take);
      },
    },
    sha256: () => (hash ?? createHash('sha256')).copy().digest('hex'),
  };
}
