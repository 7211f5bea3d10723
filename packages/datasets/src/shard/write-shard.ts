import type { ObjectStore } from '@styleflow/storage';
import { type AnalysedVideo, clipFiles, type ShardFile } from '../sample/read-video.js';
import type { StyleCodes } from '../sample/style-codes.js';
import { type ShardNote, type ShardVideo, writeNote } from './shard-note.js';
import { tarStream } from './tar-stream.js';

/** Clips that are fetched and packed while one is written: 2 MB each. */
const CLIPS_AHEAD = 3;

export interface ShardWork {
  readonly plan: string;
  readonly shard: string;
  readonly split: ShardVideo['split'];
  readonly videos: readonly AnalysedVideo[];
  readonly skipped: ShardNote['skipped'];
  /** Number of a video in the plan. */
  readonly numberOf: (id: string) => number;
}

export interface ShardPorts {
  /** Where the clips are. */
  readonly store: Pick<ObjectStore, 'get' | 'list'>;
  readonly out: Pick<ObjectStore, 'put' | 'putStream'>;
  readonly codes: StyleCodes | null;
  readonly signal: AbortSignal;
}

/** Writes a shard, then its note. Killed between the two or before, it is written again; a shard is whole or absent. */
export async function writeShard(work: ShardWork, { store, out, codes, signal }: ShardPorts): Promise<ShardNote> {
  const { plan, shard, split, videos, skipped, numberOf } = work;
  const path = `${shard}.tar`;
  const clips = videos.reduce((sum, each) => sum + each.clips.length, 0);
  async function* clipsOfAll(): AsyncGenerator<readonly ShardFile[], void> {
    for (const each of videos) {
      signal.throwIfAborted();
      yield* clipFiles(store, each, numberOf(each.video.id), codes);
    }
  }
  async function* files(): AsyncGenerator<ShardFile, void> {
    for await (const clip of ahead(clipsOfAll(), CLIPS_AHEAD)) yield* clip;
  }
  const written =
    clips === 0 ? null : await out.putStream(path, tarStream(files()), { contentType: 'application/x-tar', signal });
  const note: ShardNote = {
    ...{ v: 1, plan, skipped },
    shard: written && { path, bytes: written.bytes, sha256: written.sha256, clips, split },
    videos: videos.map(factsOf),
    preprocessing: [...new Set(videos.map(({ prepared }) => prepared.preprocessing))].sort(),
  };
  await writeNote(out, shard, note);
  return note;
}

function factsOf({ video, prepared, clips }: AnalysedVideo): ShardVideo {
  const { id, label, method, identity, split } = video;
  const spans = prepared.tracks.flatMap((track) => track.clips.map(({ seconds }) => seconds[1] - seconds[0]));
  const seconds = Math.round(spans.reduce((sum, span) => sum + span, 0) * 1000) / 1000;
  return { id, sha256: prepared.video.sha256, label, method, identity, split, clips: clips.length, seconds };
}

/** The items in their order, of which up to `count` are made ahead of the one that is taken. */
async function* ahead<T>(items: AsyncGenerator<T, void>, count: number): AsyncGenerator<T, void> {
  const asked: Promise<IteratorResult<T, void>>[] = [];
  try {
    while (true) {
      while (asked.length < count) {
        const next = items.next();
        next.catch(() => {});
        asked.push(next);
      }
      const first = await asked.shift();
      if (first === undefined || first.done) return;
      yield first.value;
    }
  } finally {
    await Promise.allSettled(asked);
    await items.return();
  }
}
