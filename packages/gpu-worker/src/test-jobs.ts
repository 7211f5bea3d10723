import { CLIP_BYTES, encodeClip } from '@styleflow/clips';
import {
  type BundleFacts,
  type ClipVariant,
  type JobId,
  type JobOptions,
  mintJobId,
  type ScorePayload,
} from '@styleflow/contracts';
import { preparePayloadOf, type QueueConnection } from '@styleflow/queue';
import { clipKey, type ObjectStore, type StoreSettings } from '@styleflow/storage';

/** Jobs, clips and settings for this package's tests. */

export function storeIn(folder: string): StoreSettings {
  return { STYLEFLOW_STORE: { kind: 'file', folder }, STYLEFLOW_S3_SOURCE_BUCKETS: [] };
}

/** RGB bytes of a clip: drifting colours with noise, different for each seed. */
function clipPixels(seed: number): Uint8Array {
  const pixels = new Uint8Array(CLIP_BYTES);
  const frame = CLIP_BYTES / 32;
  let noise = seed * 2654435761 + 1;
  for (let index = 0; index < CLIP_BYTES; index += 1) {
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0;
    const drift = Math.floor(index / frame) * (2 + (seed % 5));
    pixels[index] = ((((index % frame) >> 9) * (1 + (seed % 3)) + drift) & 255) ^ (noise >>> 29);
  }
  return pixels;
}

const OPTIONS: JobOptions = {
  maxFrames: 110,
  sampling: 'head',
  faces: 'all',
  detection: 'adaptive',
  priority: 5,
  keepCrops: false,
  keepSource: false,
};

/** Creates a job under way: its flow stands in the queue, and nobody works on its `prepare`. */
export async function startJob({ records, queue }: QueueConnection, bundle: BundleFacts): Promise<JobId> {
  const id = mintJobId();
  const source = { type: 'url', url: 'https://example.org/video.mp4' } as const;
  const record = await records.create({ id, owner: 'local', source, options: OPTIONS, bundle, metadata: {} });
  await queue.addFlow(preparePayloadOf(record));
  await records.beginPrepare({ job: id, run: 1 });
  return id;
}

export const scorePayload = (job: JobId, clip: number, keepCrops = false): ScorePayload => ({
  v: 1,
  job,
  run: 1,
  track: 0,
  clip,
  keepCrops,
});

/** Stores the pixels of one clip, as `prepare` does. */
export async function storeClip(
  store: ObjectStore,
  job: JobId,
  clip: number,
  seed: number,
  variant?: ClipVariant,
): Promise<void> {
  const key = clipKey(job, 1, 0, clip, variant);
  await store.put(key, await encodeClip(clipPixels(seed)), 'application/octet-stream');
}
