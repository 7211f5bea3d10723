import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of a file, in lower-case hex; streamed, since weights may have gigabytes. `onBytes` is told of each piece read. */
export async function fileDigest(path: string, onBytes: (count: number) => void = () => {}): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    hash.update(piece);
    onBytes(piece.length);
  }
  return hash.digest('hex');
}
