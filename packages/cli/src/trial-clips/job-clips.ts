import { readPixels } from '@styleflow/clips';
import { JobError, type JobId } from '@styleflow/contracts';
import type { TrialClip } from '@styleflow/converter';
import { jobPrefix, type ObjectStore, parseJobKey } from '@styleflow/storage';

/** Below a run: the clip `C` of the face `T`. */
const CLIP_NAME = /^clips\/(\d{1,9})\.(\d{1,9})$/;

/**
 * The lossless clips that jobs kept (`keepCrops`), in the order of faces and clips. They are read when they are wanted.
 * @throws JobError `invalid_request` for a job without any; `storage_unavailable`.
 */
export async function jobClips(store: Pick<ObjectStore, 'list' | 'get'>, jobs: readonly JobId[]): Promise<TrialClip[]> {
  const found: TrialClip[] = [];
  for (const job of jobs) {
    const own = await clipsOf(store, job);
    if (own.length === 0) {
      throw new JobError(
        'invalid_request',
        `${job} has no clips in the store: submit its video with --keep-crops, and name it within the media retention`,
      );
    }
    found.push(...own);
  }
  return found;
}

async function clipsOf(store: Pick<ObjectStore, 'list' | 'get'>, job: JobId): Promise<TrialClip[]> {
  const refs = [];
  for await (const { key } of store.list(`${jobPrefix(job)}runs/`)) {
    const { run, name = '' } = parseJobKey(key) ?? {};
    const [, track, clip] = CLIP_NAME.exec(name) ?? [];
    if (run === undefined || run === null || clip === undefined) continue;
    refs.push({ job, run, track: Number(track), clip: Number(clip) });
  }
  // A job that was run again has the same clips in each run.
  const last = Math.max(...refs.map(({ run }) => run));
  return refs
    .filter(({ run }) => run === last)
    .sort((a, b) => a.track - b.track || a.clip - b.clip)
    .map((ref) => ({
      name: `clip ${ref.clip} of face ${ref.track} of ${job}`,
      read: () => readPixels(store, ref),
    }));
}
