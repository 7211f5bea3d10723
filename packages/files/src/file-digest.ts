import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const PIECE_BYTES = 2 ** 20;

/**
 * SHA-256 of a file, in lower-case hex. The file is read piece by piece, because weights may have gigabytes, into one buffer: a stream
 * takes another megabyte for each. `onBytes` is called for each piece read.
 */
export async function fileDigest(path: string, onBytes: (count: number) => void = () => {}): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, PIECE_BYTES, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
      onBytes(bytesRead);
    }
  } finally {
    await file.close();
  }
}
