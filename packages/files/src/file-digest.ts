import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/**
 * SHA-256 of a file, in lower-case hex. The file is streamed, because weights may have gigabytes. `onBytes` is called
 * for each piece read.
 */
export async function fileDigest(path: string, onBytes: (count: number) => void = () => {}): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    hash.update(piece);
    onBytes(piece.length);
  }
  return hash.digest('hex');
}
