import { createHash } from 'node:crypto';
import { assignSplits, type Splits, type SplitWish } from './assign-splits.js';
import type { LabelledVideo } from './plan-video.js';
import { SPLITS, type Split } from './split-words.js';

/** A video and where it will lie. */
export interface PlannedVideo extends Omit<LabelledVideo, 'split'> {
  readonly split: Split;
  readonly shard: string;
}

/** All that is decided before the first frame is decoded. It follows from the manifest and the wish alone. */
export interface DatasetPlan {
  /** Of everything below: the same plan makes the same data set. */
  readonly digest: string;
  /** In the order in which they are analysed: shuffled, so that every shard has of everything, and shards fill one after the other. */
  readonly videos: readonly PlannedVideo[];
  readonly splits: Omit<Splits, 'splitOf'> & SplitWish;
  /** Job options of the batch. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface PlanWish extends SplitWish {
  readonly videosPerShard: number;
  readonly options: Readonly<Record<string, unknown>>;
  /** Digest of the pSp that computes style codes; null without one. */
  readonly psp: string | null;
}

/** @throws JobError `invalid_request` where the manifest's splits leak. */
export function planDataset(videos: readonly LabelledVideo[], wish: PlanWish): DatasetPlan {
  const { splitOf, ...splits } = assignSplits(videos, wish);
  const { seed, shares, options, videosPerShard, psp } = wish;
  const shuffled = videos
    .map((video) => ({ video, drawn: createHash('sha256').update(`${seed} order ${video.id}`).digest('hex') }))
    .sort((a, b) => (a.drawn < b.drawn ? -1 : 1));
  const counts: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  const planned = shuffled.map(({ video }): PlannedVideo => {
    const split = splitOf.get(video.id) ?? SPLITS[0];
    const number = Math.floor(counts[split]++ / videosPerShard);
    return { ...video, split, shard: `${split}-${String(number).padStart(6, '0')}` };
  });
  const digest = createHash('sha256')
    .update(JSON.stringify([1, planned, shares, options, psp]))
    .digest('hex');
  return { digest, videos: planned, splits: { ...splits, shares, seed }, options };
}

/** The shards, in the order in which they fill, each with its videos in the order of the plan. */
export function shardsOf({ videos }: Pick<DatasetPlan, 'videos'>): Map<string, PlannedVideo[]> {
  const shards = new Map<string, PlannedVideo[]>();
  for (const video of videos) {
    const list = shards.get(video.shard) ?? [];
    list.push(video);
    shards.set(video.shard, list);
  }
  return shards;
}
