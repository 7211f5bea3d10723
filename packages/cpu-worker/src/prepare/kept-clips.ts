import { isCutAlike, needsVideo } from '@styleflow/batches';
import { listPixels } from '@styleflow/clips';
import { type DetectionMode, JobError, type JobRun, MAX_PREPARED_AGAIN, type Prepared } from '@styleflow/contracts';
import type { JobRecord, JobRecords } from '@styleflow/queue';
import type { ObjectStore } from '@styleflow/storage';
import { readPrepared } from '../prepared/read-prepared.js';

/** A run whose clips were kept, and its account. */
export interface KeptClips {
  readonly from: JobRun;
  readonly prepared: Prepared;
}

interface KeptClipsPorts {
  readonly records: Pick<JobRecords, 'read'>;
  readonly store: Pick<ObjectStore, 'get' | 'head' | 'list'>;
  /** Of this worker, by how often faces are looked for. */
  readonly preprocessing: Readonly<Record<DetectionMode, string>>;
}

/**
 * The clips that an earlier job of the same video kept, when this worker would cut the same ones: all of them are there, they were cut by
 * the same rules and of the same frames and faces. Null where the video has to be decoded: also when it is to be kept or shown, when clips
 * are to be re-encoded, and when clips that were taken over turned out to be damaged more than once.
 * @param again as of the payload of `prepare`.
 * @param sha256 of the video that the run was begun with; two videos must not meet in one result.
 */
export async function findKeptClips(
  { records, store, preprocessing }: KeptClipsPorts,
  { rescoreOf = [], options, source }: Pick<JobRecord, 'rescoreOf' | 'options' | 'source'>,
  again: number | undefined,
  sha256?: string,
): Promise<KeptClips | null> {
  if (needsVideo(options, source) || (again ?? 0) >= MAX_PREPARED_AGAIN) return null;
  for (const job of rescoreOf) {
    const earlier = await records.read(job).catch(passOverLost);
    if (earlier?.status !== 'succeeded' || !earlier.options.keepCrops || !isCutAlike(options, earlier.options))
      continue;
    const from = { job, run: earlier.run };
    const account = await readPrepared(store, from);
    if (account === null || account === 'damaged') continue;
    const { value: prepared } = account;
    if (prepared.preprocessing !== preprocessing[options.detection]) continue;
    if (sha256 !== undefined && prepared.video.sha256 !== sha256) continue;
    const pixels = await listPixels(store, from);
    if (prepared.tracks.every(({ track, clips }) => clips.every(({ index }) => pixels.has(track, index))))
      return { from, prepared };
  }
  return null;
}

function passOverLost(error: unknown): null {
  if (error instanceof JobError && error.code === 'gone') return null;
  throw error;
}
