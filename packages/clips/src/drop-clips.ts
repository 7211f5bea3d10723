import type { ClipRef, JobRun } from '@styleflow/contracts';
import { clipsPrefix, type ObjectStore, stripsPrefix } from '@styleflow/storage';
import { pixelsKeyOf, scoreKeyOf } from './clip-keys.js';

/** Takes away a clip's pixels, which nobody reads once its score is stored. */
export async function dropPixels(store: Pick<ObjectStore, 'delete'>, clip: ClipRef): Promise<void> {
  await store.delete([pixelsKeyOf(clip)]);
}

/** Takes away what scoring a clip leaves behind, for a job that was deleted meanwhile. */
export async function dropAll(store: Pick<ObjectStore, 'delete'>, clip: ClipRef): Promise<void> {
  await store.delete([scoreKeyOf(clip), pixelsKeyOf(clip)]);
}

/** Takes away the pixels of a run's every clip. */
export async function dropRunPixels(store: Pick<ObjectStore, 'deletePrefix'>, { job, run }: JobRun): Promise<void> {
  await store.deletePrefix(clipsPrefix(job, run));
}

/** Takes away all that shows a face: the pictures and the pixels of a run's every clip. Scores stay. */
export async function dropRunPictures(store: Pick<ObjectStore, 'deletePrefix'>, run: JobRun): Promise<void> {
  await store.deletePrefix(stripsPrefix(run.job, run.run));
  await dropRunPixels(store, run);
}
