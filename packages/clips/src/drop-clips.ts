import type { ClipRef, JobRun } from '@styleflow/contracts';
import { clipsPrefix, framesPrefix, type ObjectStore, stripsPrefix } from '@styleflow/storage';
import { pixelsKeyOf, scoreKeyOf } from './clip-keys.js';

/** Deletes a clip's pixels, which nobody reads once its score is stored. */
export async function dropPixels(store: Pick<ObjectStore, 'delete'>, clip: ClipRef): Promise<void> {
  await store.delete([pixelsKeyOf(clip)]);
}

/** Deletes a damaged score: the clip counts as not scored from then on. */
export async function dropScore(store: Pick<ObjectStore, 'delete'>, clip: ClipRef): Promise<void> {
  await store.delete([scoreKeyOf(clip)]);
}

/** Deletes what scoring a clip has written, when its job was deleted in the meantime. */
export async function dropAll(store: Pick<ObjectStore, 'delete'>, clip: ClipRef): Promise<void> {
  await store.delete([scoreKeyOf(clip), pixelsKeyOf(clip)]);
}

/** Deletes the pixels of all clips of a run. */
export async function dropRunPixels(store: Pick<ObjectStore, 'deletePrefix'>, { job, run }: JobRun): Promise<void> {
  await store.deletePrefix(clipsPrefix(job, run));
}

/** Deletes everything that shows faces: the pictures and the pixels of all clips of a run, and its whole frames. Scores stay. */
export async function dropRunPictures(store: Pick<ObjectStore, 'deletePrefix'>, run: JobRun): Promise<void> {
  await store.deletePrefix(stripsPrefix(run.job, run.run));
  await store.deletePrefix(framesPrefix(run.job, run.run));
  await dropRunPixels(store, run);
}
