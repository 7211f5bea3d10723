import { createHash } from 'node:crypto';
import type { ObjectStore } from '@styleflow/storage';
import { type DatasetPlan, shardsOf } from '../plan/plan-dataset.js';
import { dropNote, readNote, type ShardNote } from '../shard/shard-note.js';
import { type BuildRecord, readBuildRecord, writeBuildRecord } from './build-record.js';
import { type Counts, DATASET_FILE, type DatasetManifest } from './dataset-manifest.js';
import { findDuplicates } from './find-duplicates.js';

const VIDEOS_FILE = 'videos.ndjson';

/** How a build stands after this machine's part. */
export type BuildState =
  | { readonly state: 'complete'; readonly manifest: DatasetManifest }
  /** Other machines, or another run, have these shards left to write. */
  | { readonly state: 'unfinished'; readonly shards: readonly string[] }
  /** Equal videos were found: these shards have to be written again without them. */
  | { readonly state: 'duplicates'; readonly record: BuildRecord; readonly shards: readonly string[] };

/**
 * Writes `videos.ndjson` and then `dataset.json`, once every shard has its note. Whoever finishes last does it; two who do write the same.
 * @throws JobError `invalid_request` where equal videos have two labels.
 */
export async function finishDataset(
  plan: DatasetPlan,
  record: BuildRecord,
  out: Pick<ObjectStore, 'address' | 'get' | 'put' | 'delete'>,
  facts: Readonly<Record<string, unknown>>,
): Promise<BuildState> {
  const notes = new Map<string, ShardNote>();
  const shards = [...shardsOf(plan).keys()];
  for (const shard of shards) {
    const note = await readNote(out, shard);
    if (note?.plan === plan.digest) notes.set(shard, note);
  }
  const missing = shards.filter((shard) => !notes.has(shard));
  if (missing.length > 0) return { state: 'unfinished', shards: missing };
  const duplicates = new Set(findDuplicates(notes.values()).map(({ id }) => id));
  if (duplicates.size > 0) {
    // Read again: meanwhile another machine may have found some, or begun another batch.
    const now = (await readBuildRecord(out, plan)) ?? record;
    const next = { ...now, excluded: [...new Set([...now.excluded, ...duplicates])] };
    // The record first: a shard that is written again in between already leaves them out.
    await writeBuildRecord(out, next);
    const dropped = [];
    for (const [shard, { videos }] of notes) {
      if (!videos.some(({ id }) => duplicates.has(id))) continue;
      // Another machine that found them too may have written it again by now.
      const note = await readNote(out, shard);
      if (note?.videos.some(({ id }) => duplicates.has(id)) !== true) continue;
      await dropNote(out, shard);
      dropped.push(shard);
    }
    return { state: 'duplicates', record: next, shards: dropped };
  }
  const videos = printVideos([...notes.values()]);
  await out.put(VIDEOS_FILE, videos, 'application/x-ndjson');
  const manifest = describe(plan, [...notes.values()], { videos, facts });
  await out.put(DATASET_FILE, `${JSON.stringify(manifest, null, 2)}\n`, 'application/json');
  return { state: 'complete', manifest };
}

function describe(
  plan: DatasetPlan,
  notes: readonly ShardNote[],
  { videos, facts }: { readonly videos: string; readonly facts: Readonly<Record<string, unknown>> },
): DatasetManifest {
  const shards = notes.flatMap(({ shard }) => (shard === null ? [] : [shard]));
  const skipped = notes.reduce((sum, note) => sum + note.skipped.length, 0);
  return {
    format: 1,
    ...facts,
    plan: plan.digest,
    options: plan.options,
    preprocessing: [...new Set(notes.flatMap(({ preprocessing }) => preprocessing))].sort(),
    splits: { ...plan.splits, notes: [...plan.splits.notes] },
    skipped,
    counts: countAll(notes),
    files: { [VIDEOS_FILE]: createHash('sha256').update(videos).digest('hex') },
    shards: shards.sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** By split, label and method. */
function countAll(notes: readonly ShardNote[]): NonNullable<DatasetManifest['counts']> {
  type Row = NonNullable<DatasetManifest['counts']>[number];
  const rows = new Map<string, Row>();
  for (const { split, label, method, clips, seconds } of notes.flatMap(({ videos }) => videos)) {
    const key = JSON.stringify([split, label, method ?? '']);
    const before: Counts = rows.get(key) ?? { videos: 0, clips: 0, hours: 0 };
    const hours = before.hours + seconds / 3600;
    rows.set(key, { split, label, method, videos: before.videos + 1, clips: before.clips + clips, hours });
  }
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => ({ ...row, hours: Math.round(row.hours * 1e6) / 1e6 }));
}

/** One line a video: what is in the data set, and what was left out and why. */
function printVideos(notes: readonly ShardNote[]): string {
  const rows = notes.flatMap(({ videos, skipped, shard }) => [
    ...videos.map((video) => ({ ...video, shard: shard?.path ?? null })),
    ...skipped.map(({ id, reason, message }) => ({ id, skipped: reason, message })),
  ]);
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
