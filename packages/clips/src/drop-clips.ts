import { CLIP_VARIANTS, type ClipRef, type ClipVariant, type JobRun } from '@styleflow/contracts';
import { clipsPrefix, framesPrefix, type ObjectStore, previewKey, stripsPrefix } from '@styleflow/storage';
import { pixelsKeyOf, scoreKeyOf } from './clip-keys.js';

/** Deletes a clip's pixels, and those of these re-encodings of it: nobody reads them once their scores are stored. */
export async function dropPixels(
  store: Pick<ObjectStore, 'delete'>,
  clip: ClipRef,
  variants: readonly ClipVariant[] = [],
): Promise<void> {
  await store.delete([pixelsKeyOf(clip), ...variants.map((variant) => pixelsKeyOf({ ...clip, variant }))]);
}

/** Deletes the pixels of these re-encodings of a clip alone: the clip itself is kept. */
export async function dropVariants(
  store: Pick<ObjectStore, 'delete'>,
  clip: ClipRef,
  variants: readonly ClipVariant[],
): Promise<void> {
  if (variants.length > 0) await store.delete(variants.map((variant) => pixelsKeyOf({ ...clip, variant })));
}

/** Deletes a damaged score: the clip counts as not scored from then on. */
export async function dropScore(store: Pick<ObjectStore, 'delete'>, clip: ClipRef): Promise<void> {
  await store.delete([scoreKeyOf(clip)]);
}

/** Deletes what scoring a clip, and these re-encodings of it, has written, when its job was deleted in the meantime. */
export async function dropAll(
  store: Pick<ObjectStore, 'delete'>,
  clip: ClipRef,
  variants: readonly ClipVariant[] = [],
): Promise<void> {
  const all = [clip, ...variants.map((variant) => ({ ...clip, variant }))];
  await store.delete(all.flatMap((each) => [scoreKeyOf(each), pixelsKeyOf(each)]));
}

/** Deletes the pixels of all clips of a run. */
export async function dropRunPixels(store: Pick<ObjectStore, 'deletePrefix'>, { job, run }: JobRun): Promise<void> {
  await store.deletePrefix(clipsPrefix(job, run));
}

/** Deletes the pixels of all re-encodings of a run, whose clips themselves are kept. */
export async function dropRunVariants(
  store: Pick<ObjectStore, 'list' | 'delete'>,
  { job, run }: JobRun,
): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of store.list(clipsPrefix(job, run))) {
    if (CLIP_VARIANTS.some((variant) => key.endsWith(`.${variant}`))) keys.push(key);
  }
  if (keys.length > 0) await store.delete(keys);
}

/** Deletes everything that shows faces: the pictures and the pixels of all clips of a run, its whole frames and its preview. Scores stay. */
export async function dropRunPictures(store: Pick<ObjectStore, 'delete' | 'deletePrefix'>, run: JobRun): Promise<void> {
  await store.deletePrefix(stripsPrefix(run.job, run.run));
  await store.deletePrefix(framesPrefix(run.job, run.run));
  await store.delete([previewKey(run.job, run.run)]);
  await dropRunPixels(store, run);
}
