import { ERROR_TABLE, JobError, type ResultRow } from '@styleflow/contracts';
import type { DatasetPlan, PlannedVideo } from '../plan/plan-dataset.js';
import { findVideo } from '../sample/read-video.js';
import type { readNote, ShardNote } from '../shard/shard-note.js';
import { type ShardPorts, writeShard } from '../shard/write-shard.js';
import type { BuildRecord } from './build-record.js';
import { isUnfinished } from './is-unfinished.js';
import { type BuildPart, unwrittenShards } from './unwritten-shards.js';

export interface FillPorts extends Omit<ShardPorts, 'out'> {
  readonly out: ShardPorts['out'] & Parameters<typeof readNote>[0];
  readonly onShard: (shard: string, note: ShardNote) => void;
  /** Leaves out whatever did not succeed, also through no fault of the video, instead of leaving its shard unwritten. */
  readonly skipFailed: boolean;
}

/** What is left to do by somebody else. */
export interface FillOutcome {
  /** Videos that failed through no fault of theirs, so that their shards were not written. */
  readonly unfinished: readonly { readonly id: string; readonly reason: string }[];
}

/**
 * Writes each shard as soon as the last of its videos has ended, and leaves alone what has been written. What is wrong with a video
 * itself leaves it out, and is noted; what is wrong around it leaves its shard unwritten.
 * @param rows results of the batch, in any order.
 * @throws JobError `gone` when the store does not hold the clips any more; whatever store and rows throw.
 */
export async function fillShards(
  plan: DatasetPlan,
  { excluded }: Pick<BuildRecord, 'excluded'>,
  rows: AsyncIterable<ResultRow>,
  part: BuildPart,
  ports: FillPorts,
): Promise<FillOutcome> {
  const leftOut = new Set(excluded);
  const numbers = new Map(plan.videos.map(({ id }, number) => [id, number]));
  const waiting = new Map<string, OpenShard>();
  for (const [shard, videos] of await unwrittenShards(plan, part, ports.out))
    waiting.set(shard, { videos, rows: new Map() });
  const shardOf = new Map([...waiting].flatMap(([shard, { videos }]) => videos.map(({ id }) => [id, shard] as const)));
  const unfinished: { id: string; reason: string }[] = [];
  if (waiting.size === 0) return { unfinished };
  for await (const row of rows) {
    ports.signal.throwIfAborted();
    const shard = shardOf.get(row.id);
    const open = shard === undefined ? undefined : waiting.get(shard);
    if (shard === undefined || open === undefined || open.rows.has(row.id)) continue;
    open.rows.set(row.id, row);
    if (open.rows.size < open.videos.length) continue;
    waiting.delete(shard);
    const lost = [...open.rows.values()].filter(
      (each) => !leftOut.has(each.id) && isUnfinished(each, ports.skipFailed),
    );
    unfinished.push(...lost.map(({ id, status, error_code }) => ({ id, reason: error_code ?? status })));
    if (lost.length === 0) {
      const work = { plan, shard, videos: open.videos, rows: open.rows, leftOut, numbers };
      ports.onShard(shard, await writeOne(work, ports));
    }
    if (waiting.size === 0) break;
  }
  for (const { videos, rows: ended } of waiting.values()) {
    const missing = videos.filter(({ id }) => !ended.has(id));
    unfinished.push(...missing.map(({ id }) => ({ id, reason: 'not among the results of the batch' })));
  }
  return { unfinished };
}

interface OpenShard {
  readonly videos: readonly PlannedVideo[];
  readonly rows: Map<string, ResultRow>;
}

interface ShardOfRows {
  readonly plan: DatasetPlan;
  readonly shard: string;
  readonly videos: readonly PlannedVideo[];
  readonly rows: ReadonlyMap<string, ResultRow>;
  readonly leftOut: ReadonlySet<string>;
  readonly numbers: ReadonlyMap<string, number>;
}

async function writeOne(
  { plan, shard, videos, rows, leftOut, numbers }: ShardOfRows,
  ports: FillPorts,
): Promise<ShardNote> {
  const analysed = [];
  const skipped: ShardNote['skipped'] = [];
  for (const video of videos) {
    const row = rows.get(video.id);
    if (leftOut.has(video.id)) {
      skipped.push({ id: video.id, reason: 'duplicate', message: 'the same bytes are in the data set already' });
    } else if (row?.status !== 'succeeded' || row.job === null) {
      const reason = row?.error_code ?? (row?.status === 'canceled' ? 'canceled' : 'internal');
      skipped.push({ id: video.id, reason, message: ERROR_TABLE[reason].title });
    } else {
      const found = await findVideo(ports.store, video, row.job);
      if (found.clips.length > 0) analysed.push(found);
      else skipped.push({ id: video.id, reason: 'no_clip', message: 'no face stays in view for 16 frames' });
    }
  }
  const split = videos[0]?.split ?? 'train';
  const numberOf = (id: string): number => {
    const number = numbers.get(id);
    if (number === undefined) throw new JobError('internal', `${id} is not in the plan`);
    return number;
  };
  return writeShard({ plan: plan.digest, shard, split, videos: analysed, skipped, numberOf }, ports);
}
