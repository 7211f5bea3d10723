import { type ClipFrames, decodeClip, readClipFrames, readZlibClip } from '@styleflow/clips';
import { JobError, type JobId, type Prepared, PreparedSchema } from '@styleflow/contracts';
import { jobPrefix, type ObjectStore, parseJobKey, preparedKey, readSealedJson } from '@styleflow/storage';
import type { PlannedVideo } from '../plan/plan-dataset.js';
import { type ClipPlace, printSampleFacts } from './sample-facts.js';
import type { StyleCodes } from './style-codes.js';

type Store = Pick<ObjectStore, 'get' | 'list'>;

/** What a video's job has left in the store. */
export interface AnalysedVideo {
  readonly video: PlannedVideo;
  readonly job: JobId;
  readonly run: number;
  readonly prepared: Prepared;
  readonly clips: readonly ClipPlace[];
}

/** A file of a shard. */
export interface ShardFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Finds what the last run of a job has prepared.
 * @throws JobError `gone` when the store has nothing of it any more.
 */
export async function findVideo(store: Store, video: PlannedVideo, job: JobId): Promise<AnalysedVideo> {
  let run = 0;
  for await (const { key } of store.list(`${jobPrefix(job)}runs/`)) {
    const facts = parseJobKey(key);
    if (facts?.name === 'prepared.json') run = Math.max(run, facts.run ?? 0);
  }
  const prepared =
    run === 0 ? null : await readSealedJson(store, preparedKey(job, run), (value) => PreparedSchema.parse(value));
  if (prepared === null) throw gone(video, job, 'what was prepared of it');
  const clips = prepared.tracks.flatMap(({ track, clips }) =>
    clips.map(({ index, padded }): ClipPlace => ({ track, clip: index, padded })),
  );
  return { video, job, run, prepared, clips };
}

/**
 * The files of each of its clips, clip by clip.
 * @param number of the video in the plan: it begins the keys, so that they are unique whatever the ids are.
 * @throws JobError `gone` when pixels or points are not there any more.
 */
export async function* clipFiles(
  store: Store,
  analysed: AnalysedVideo,
  number: number,
  codes: StyleCodes | null,
): AsyncGenerator<readonly ShardFile[], void> {
  const { video, job, run, prepared, clips } = analysed;
  for (const place of clips) {
    const ref = { job, run, track: place.track, clip: place.clip };
    const key = `${String(number).padStart(7, '0')}-${place.track}-${String(place.clip).padStart(4, '0')}`;
    const kept: ClipFrames | null = await readClipFrames(store, ref);
    const pixels = kept === null ? null : await readZlibClip(store, ref);
    if (kept === null || pixels === null)
      throw gone(video, job, `clip ${place.clip} of face ${place.track}, or its points`);
    const facts = { name: `${key}.json`, bytes: Buffer.from(printSampleFacts(video, prepared, place, kept)) };
    const clip = { name: `${key}.clip`, bytes: pixels };
    if (codes === null) yield [clip, facts];
    else yield [clip, { name: `${key}.codes.npy`, bytes: await codes.of(await decodeClip(pixels)) }, facts];
  }
}

function gone({ id }: PlannedVideo, job: JobId, what: string): JobError {
  return new JobError(
    'gone',
    `the store does not hold ${what} of ${id} (${job}): it was analysed without keepCrops, by workers of an older version, or its media retention is over (STYLEFLOW_MEDIA_RETENTION_HOURS)`,
  );
}
