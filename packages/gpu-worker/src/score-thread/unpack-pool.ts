import type { ClipRef, JobError } from '@styleflow/contracts';
import type { StoreSettings } from '@styleflow/storage';
import { startThread, type ThreadCalls } from '@styleflow/threads';

/**
 * Threads that turn stored clips into pixels. Several are needed, because one feeds about 15 clips a second and a fast
 * card takes a hundred (docs/operations/capacity.md).
 */
export interface UnpackPool {
  /**
   * The clip's RGB bytes [32, 256, 256, 3], in memory of their own.
   * @throws JobError `inference_failed`, not retryable, when they are absent or damaged.
   */
  readonly unpack: (clip: ClipRef) => Promise<Uint8Array>;
  /** Settles when a thread died by itself. */
  readonly died: Promise<JobError>;
  close(): Promise<void>;
}

interface Unpacker {
  readonly thread: ThreadCalls<null, ClipRef, Uint8Array>;
  busy: number;
}

/** Starts `count` threads. Each clip goes to the thread with the fewest calls. */
export async function openUnpackPool(count: number, store: StoreSettings, storeId?: string): Promise<UnpackPool> {
  const file = new URL('./unpack-thread.js', import.meta.url);
  const unpackers: Unpacker[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(unpackers.map(({ thread }) => thread.close()));
  };
  const started = await Promise.allSettled(
    Array.from({ length: count }, async () => {
      unpackers.push({ thread: await startThread<null, ClipRef, Uint8Array>(file, { store, storeId }), busy: 0 });
    }),
  );
  const failed = started.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  return {
    died: Promise.race(unpackers.map(({ thread }) => thread.died)),
    close,
    async unpack(clip) {
      const idlest = unpackers.reduce((least, each) => (each.busy < least.busy ? each : least));
      idlest.busy += 1;
      try {
        return await idlest.thread.call(clip);
      } finally {
        idlest.busy -= 1;
      }
    },
  };
}
