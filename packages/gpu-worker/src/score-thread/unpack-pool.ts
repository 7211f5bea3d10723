import { type ClipRef, type JobError, toJobError } from '@styleflow/contracts';
import type { ObjectStore, StoreSettings } from '@styleflow/storage';
import { startThread, type ThreadCalls } from '@styleflow/threads';
import { unpackClip } from './unpack-clip.js';

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
  /** Settles when a thread died by itself or could not be started. */
  readonly died: Promise<JobError>;
  close(): Promise<void>;
}

type UnpackThread = ThreadCalls<null, ClipRef, Uint8Array>;

interface Unpacker {
  readonly thread: Promise<UnpackThread>;
  busy: number;
}

/**
 * A pool of at most `count` threads. Each is started when a clip comes and all others are busy: a worker serves before it
 * has one, and an idle one has few. Each clip goes to the thread with the fewest calls.
 */
export function openUnpackPool(count: number, store: StoreSettings, storeId?: string): UnpackPool {
  const file = new URL('./unpack-thread.js', import.meta.url);
  const unpackers: Unpacker[] = [];
  let tell: (error: JobError) => void = () => undefined;
  const died = new Promise<JobError>((resolve) => {
    tell = resolve;
  });
  const start = async (): Promise<UnpackThread> => {
    try {
      const thread = await startThread<null, ClipRef, Uint8Array>(file, { store, storeId });
      thread.died.then(tell);
      return thread;
    } catch (error) {
      tell(toJobError(error));
      throw error;
    }
  };
  const choose = (): Unpacker => {
    const idlest = unpackers.reduce<Unpacker | null>(
      (least, each) => (least === null || each.busy < least.busy ? each : least),
      null,
    );
    if (idlest && (idlest.busy === 0 || unpackers.length >= count)) return idlest;
    const fresh: Unpacker = { thread: start(), busy: 0 };
    unpackers.push(fresh);
    return fresh;
  };
  return {
    died,
    async unpack(clip) {
      const unpacker = choose();
      unpacker.busy += 1;
      try {
        return await (await unpacker.thread).call(clip);
      } finally {
        unpacker.busy -= 1;
      }
    },
    async close() {
      const threads = await Promise.allSettled(unpackers.map(({ thread }) => thread));
      await Promise.all(threads.map((each) => (each.status === 'fulfilled' ? each.value.close() : null)));
    },
  };
}

/**
 * No threads: the calling one unpacks, one clip after the other. Where scoring takes a second a clip, it has the time; a thread takes
 * 40 MB, and a clip that is being unpacked twice its own size.
 */
export function unpackHere(store: ObjectStore): UnpackPool {
  let last: Promise<unknown> = Promise.resolve();
  return {
    unpack(clip) {
      const unpacked = last.then(() => unpackClip(store, clip));
      last = unpacked.catch(() => undefined);
      return unpacked;
    },
    died: new Promise(() => undefined),
    close: async () => undefined,
  };
}
