import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PIECE = Buffer.alloc(1 << 20);

export interface SmallDisk {
  readonly folder: string;
  /** Writes until not one byte fits any more. */
  fill(): Promise<void>;
  /** Takes away what `fill` wrote. */
  free(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A file system of its own that holds `bytes`, mounted at `folder` (in memory: tmpfs). Null where this user may not mount;
 * there is no stand-in, since nothing else makes the kernel say that the disk is full.
 */
export async function mountSmallDisk(folder: string, bytes: number): Promise<SmallDisk | null> {
  await mkdir(folder, { recursive: true });
  const isMounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'styleflow-test', folder]).then(
    () => true,
    () => false,
  );
  if (!isMounted) return null;
  const filler = join(folder, '.filler');
  return {
    folder,
    async fill() {
      const file = await open(filler, 'a');
      try {
        for (let size = PIECE.length; size >= 1; ) {
          const written = await file.write(PIECE, 0, size).then(
            ({ bytesWritten }) => bytesWritten,
            () => 0,
          );
          if (written < size) size >>= 1;
        }
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler, { force: true }),
    async stop() {
      // Lazily: a process that still has a file open there must not keep the test from ending.
      await run('umount', ['-l', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
