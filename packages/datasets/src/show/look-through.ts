import { decodeClip } from '@styleflow/clips';
import { JobError } from '@styleflow/contracts';
import type { ObjectStore } from '@styleflow/storage';
import type { DatasetManifest } from '../build/dataset-manifest.js';
import { drawSample } from './draw-sample.js';
import { type ReadBytes, readShard, type ShardSample } from './read-shard.js';

/** A kind of clips: the real ones, or the fakes of one method. */
export interface ShownKind {
  readonly label: string;
  readonly method: string | null;
  readonly clips: number;
  readonly videos: number;
  readonly hours: number;
  readonly bySplit: Readonly<Record<string, number>>;
  readonly samples: readonly ShownSample[];
}

export interface ShownSample {
  readonly key: string;
  readonly title: string;
  readonly png: Buffer;
}

export interface ShownDataset {
  readonly kinds: readonly ShownKind[];
  readonly shards: number;
  readonly bytes: number;
  readonly clips: number;
  readonly withCodes: number;
}

/**
 * Reads every shard once: counts what is there, compares its digest with the one listed, and draws samples of each kind, of
 * different videos as long as there are some.
 * @throws JobError `invalid_request` that names a shard that is missing, cut short or another.
 */
export async function lookThrough(
  store: Pick<ObjectStore, 'getStream'>,
  { shards }: DatasetManifest,
  { perKind, onShard }: { readonly perKind: number; readonly onShard: (done: number) => void },
): Promise<ShownDataset> {
  const kinds = new Map<string, OpenKind>();
  const total = { bytes: 0, clips: 0, withCodes: 0 };
  for (const [done, shard] of shards.entries()) {
    const read: ReadBytes = { bytes: 0, sha256: null };
    for await (const sample of readShard(store, shard.path, read)) {
      total.clips += 1;
      total.withCodes += sample.hasCodes ? 1 : 0;
      await count(kinds, sample, perKind);
    }
    if (read.sha256 !== shard.sha256 || read.bytes !== shard.bytes)
      throw new JobError(
        'invalid_request',
        `the shard ${shard.path} is not the one that dataset.json lists: ${read.bytes} bytes, SHA-256 ${read.sha256}; listed: ${shard.bytes}, ${shard.sha256}`,
      );
    total.bytes += read.bytes;
    onShard(done + 1);
  }
  const sorted = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
  return {
    ...total,
    shards: shards.length,
    kinds: sorted.map(({ label, method, clips, videos, seconds, bySplit, samples }) => ({
      ...{ label, method, clips, videos: videos.size, hours: seconds / 3600, bySplit, samples },
    })),
  };
}

interface OpenKind {
  readonly label: string;
  readonly method: string | null;
  clips: number;
  seconds: number;
  readonly videos: Set<string>;
  readonly bySplit: Record<string, number>;
  readonly samples: ShownSample[];
}

async function count(kinds: Map<string, OpenKind>, { key, facts, clip }: ShardSample, perKind: number): Promise<void> {
  const { label, method = null, split, video, seconds = [], points = [], measured = [] } = facts;
  // Real clips come first.
  const name = `${label === 'real' ? 0 : 1} ${method ?? ''}`;
  const fresh: OpenKind = { label, method, clips: 0, seconds: 0, videos: new Set(), bySplit: {}, samples: [] };
  const kind = kinds.get(name) ?? fresh;
  kinds.set(name, kind);
  const isNewVideo = !kind.videos.has(video);
  kind.clips += 1;
  kind.seconds += (seconds.at(-1) ?? 0) - (seconds[0] ?? 0);
  kind.videos.add(video);
  kind.bySplit[split] = (kind.bySplit[split] ?? 0) + 1;
  if (clip === null || !isNewVideo || kind.samples.length >= perKind) return;
  const title = [facts.id ?? video.slice(0, 12), facts.identity, split].filter((each) => each).join(' · ');
  kind.samples.push({ key, title, png: await drawSample(await decodeClip(clip), { points, measured }) });
}
