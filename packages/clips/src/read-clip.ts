import { type ClipRef, JobError } from '@styleflow/contracts';
import { isDamagedObject, type ObjectStore, readWhole } from '@styleflow/storage';
import { asFirstClipFormat, decodeClip } from './clip-codec.js';
import { pixelsKeyOf, stripKeyOf } from './clip-keys.js';

/**
 * The clip's RGB bytes `[32, 256, 256, 3]`, in memory of their own.
 * @throws JobError `inference_failed`, not retryable, when they are absent or damaged (`isDamagedObject` tells which): the prepare stage stores them
 * before it enqueues the clip, so waiting does not help.
 */
export async function readPixels(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<Uint8Array<ArrayBuffer>> {
  const again = clip.variant === undefined ? '' : ` (re-encoded: ${clip.variant})`;
  const name = `clip ${clip.clip} of face ${clip.track}${again}`;
  const key = pixelsKeyOf(clip);
  const pixels = await readWhole(store, key, decodeClip).catch((error: unknown) => {
    if (!(error instanceof JobError) || !isDamagedObject(error)) throw error;
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    throw new JobError('inference_failed', `the pixels of ${name} are damaged: ${reason}`, {
      retryable: false,
      cause: error,
      details: { damaged: key },
    });
  });
  if (pixels !== null) return pixels;
  throw new JobError('inference_failed', `${name} has neither pixels nor a score`, { retryable: false });
}

/**
 * The clip's pixels as they are stored, in the format that every language reads with zlib alone (`SFC1`); null when there are none.
 * @throws JobError known to `isDamagedObject`.
 */
export function readZlibClip(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<Uint8Array | null> {
  return readWhole(store, pixelsKeyOf(clip), asFirstClipFormat);
}

/** The clip's picture for people, a PNG; null when there is none. */
export function readStrip(store: Pick<ObjectStore, 'get'>, clip: ClipRef): Promise<Buffer | null> {
  return store.get(stripKeyOf(clip));
}

/** Length of the picture in bytes; 0 when there is none. */
export async function stripBytes(store: Pick<ObjectStore, 'head'>, clip: ClipRef): Promise<number> {
  return (await store.head(stripKeyOf(clip)))?.bytes ?? 0;
}
