import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeClip } from '@styleflow/clips';
import { JobError, type ResultRow } from '@styleflow/contracts';
import { type ObjectStore, openObjectStore } from '@styleflow/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DatasetPlace } from '../place/dataset-place.js';
import { folderPlace } from '../place/folder-place.js';
import { type DatasetPlan, planDataset, shardsOf } from '../plan/plan-dataset.js';
import type { LabelledVideo } from '../plan/plan-video.js';
import { type ReadBytes, readShard, type ShardSample } from '../show/read-shard.js';
import { analyse, flatClip, rowOf } from '../test-analysed.js';
import { type BuildRecord, readBuildRecord, writeBuildRecord } from './build-record.js';
import { readDatasetManifest } from './dataset-manifest.js';
import { fillShards } from './fill-shards.js';
import { finishDataset } from './finish-dataset.js';
import { type BuildPart, partsOf } from './unwritten-shards.js';

const WISH = { shares: { train: 0.5, validation: 0, test: 0.5 }, seed: 1, videosPerShard: 2, options: {}, psp: null };
const WHOLE: BuildPart = { index: 0, of: 1 };

function planOf(ids: readonly string[], changes: Readonly<Record<string, Partial<LabelledVideo>>> = {}): DatasetPlan {
  const videos = ids.map((id, n): LabelledVideo => {
    const label = n % 2 === 0 ? 'real' : 'fake';
    return { id, label, method: null, identity: `p ${id}`, group: null, split: null, sha256: null, ...changes[id] };
  });
  return planDataset(videos, WISH);
}

async function* each(rows: readonly ResultRow[]): AsyncGenerator<ResultRow, void> {
  yield* rows;
}

async function samplesOf(out: DatasetPlace, path: string, read?: ReadBytes): Promise<ShardSample[]> {
  const samples = [];
  for await (const sample of readShard(out, path, read)) samples.push(sample);
  return samples;
}

describe('a data set', () => {
  let root: string;
  let store: ObjectStore;
  let folder: string;
  let out: DatasetPlace;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'styleflow-dataset-'));
    const address = { kind: 'file', folder: join(root, 'store') } as const;
    store = await openObjectStore({ STYLEFLOW_STORE: address, STYLEFLOW_S3_SOURCE_BUCKETS: [] });
  });
  afterAll(async () => {
    await store.close();
    await rm(root, { recursive: true });
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(root, 'out-'));
    out = folderPlace(folder);
  });

  const recordOf = (plan: DatasetPlan): BuildRecord => ({ v: 1, plan: plan.digest, batch: null, excluded: [] });
  const fill = (
    plan: DatasetPlan,
    rows: readonly ResultRow[],
    changes: {
      part?: BuildPart;
      record?: BuildRecord;
      written?: string[];
      skipFailed?: boolean;
      out?: DatasetPlace;
    } = {},
  ) =>
    fillShards(plan, changes.record ?? recordOf(plan), each(rows), changes.part ?? WHOLE, {
      ...{
        store,
        out: changes.out ?? out,
        codes: null,
        signal: new AbortController().signal,
        skipFailed: changes.skipFailed === true,
      },
      onShard: (shard) => changes.written?.push(shard),
    });
  const finish = (plan: DatasetPlan, record = recordOf(plan)) => finishDataset(plan, record, out, { name: 'test' });

  it('holds every clip once, without loss, with its facts, and digests of everything', async () => {
    const plan = planOf(['a', 'b', 'c', 'd', 'e']);
    const rows = await Promise.all(plan.videos.map(({ id }, n) => analyse(store, id, { clips: 1 + (n % 2), run: 3 })));
    expect(await fill(plan, rows)).toEqual({ unfinished: [] });
    expect(await finish(plan)).toMatchObject({ state: 'complete' });
    const manifest = await readDatasetManifest(out);
    expect(manifest).toMatchObject({
      format: 1,
      skipped: 0,
      splits: { isIdentityDisjoint: true, madeBy: 'identities' },
    });
    const samples = [];
    for (const { path, sha256, bytes, clips } of manifest.shards) {
      const file = await readFile(join(folder, path));
      expect({ bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') }).toEqual({
        bytes,
        sha256,
      });
      const found = await samplesOf(out, path);
      expect(found).toHaveLength(clips ?? 0);
      samples.push(...found);
    }
    expect(new Set(samples.map(({ key }) => key)).size).toBe(7);
    for (const { facts, clip } of samples) {
      const planned = plan.videos.find(({ id }) => id === facts.id);
      expect(facts).toMatchObject({
        label: planned?.label,
        split: planned?.split,
        identity: `p ${facts.id}`,
        video: createHash('sha256')
          .update(facts.id ?? '')
          .digest('hex'),
      });
      expect(Buffer.from(clip?.subarray(0, 4) ?? []).toString()).toBe('SFC1');
      expect(Buffer.from(await decodeClip(clip as Uint8Array)).equals(flatClip(facts.clip === 0 ? 1 : 2))).toBe(true);
      expect(facts.measured).toEqual(Array.from({ length: 32 }, (_, n) => n % 8 === 0));
    }
    const videos = await readFile(join(folder, 'videos.ndjson'));
    expect(manifest.files).toEqual({ 'videos.ndjson': createHash('sha256').update(videos).digest('hex') });
  });

  it('tells frames and points of a mirrored clip crop by crop', async () => {
    const plan = planOf(['a', 'b']);
    const rows = await Promise.all(plan.videos.map(({ id }) => analyse(store, id, { frames: 20 })));
    await fill(plan, rows);
    const [sample] = await samplesOf(out, `${plan.videos[0]?.shard}.tar`);
    expect(sample?.facts).toMatchObject({ padded: true });
    const frames = [...Array(20).keys(), ...Array.from({ length: 12 }, (_, n) => 18 - n)];
    expect(sample?.facts.frames).toEqual(frames);
    expect(sample?.facts.points?.map(([eye]) => eye?.[0])).toEqual(frames);
  });

  it('is written by several machines, each its part, and is the same as one has written it', async () => {
    const plan = planOf(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    const rows = await Promise.all(plan.videos.map(({ id }) => analyse(store, id)));
    await fill(plan, rows, { part: { index: 1, of: 2 } });
    const ofFirst = [...shardsOf(plan).keys()].filter((_, number) => number % 2 === 0);
    expect(await finish(plan)).toEqual({ state: 'unfinished', shards: ofFirst });
    const written: string[] = [];
    await fill(plan, [...rows].reverse(), { part: { index: 0, of: 2 }, written });
    expect(written).toHaveLength(2);
    await finish(plan);
    const alone = folderPlace(await mkdtemp(join(root, 'out-')));
    await fill(plan, rows, { out: alone });
    for (const { path, sha256 } of (await readDatasetManifest(out)).shards) {
      const read: ReadBytes = { bytes: 0, sha256: null };
      await samplesOf(alone, path, read);
      expect(read.sha256).toBe(sha256);
    }
  });

  it('that was killed while it wrote a shard has it whole or not at all, and goes on', async () => {
    const plan = planOf(['a', 'b', 'c', 'd']);
    const rows = await Promise.all(plan.videos.map(({ id }) => analyse(store, id)));
    const breaking: DatasetPlace = {
      ...out,
      putStream(key, body, options) {
        async function* cut(): AsyncGenerator<Uint8Array, void> {
          for await (const chunk of body) {
            yield chunk;
            throw new JobError('internal', 'killed here');
          }
        }
        return out.putStream(key, cut(), options);
      },
    };
    await expect(fill(plan, rows, { out: breaking })).rejects.toThrow('killed here');
    expect(await readdir(folder)).toEqual([]);
    const written: string[] = [];
    await fill(plan, rows, { written });
    await fill(plan, rows, { written });
    expect(written).toHaveLength(2);
    expect(await finish(plan)).toMatchObject({ state: 'complete' });
  });

  it('leaves out what is no video, waits for what failed otherwise, and says both', async () => {
    const plan = planOf(['a', 'b', 'c', 'd', 'e', 'f']);
    const [a, b, c, d, e, f] = plan.videos.map(({ id }) => id) as [string, string, string, string, string, string];
    const rows = [
      rowOf(a, { status: 'failed', error_code: 'media_corrupt' }),
      await analyse(store, b, { clips: 0 }),
      await analyse(store, c),
      rowOf(d, { status: 'failed', error_code: 'storage_unavailable' }),
      await analyse(store, e),
      await analyse(store, f),
    ];
    expect(await fill(plan, rows)).toEqual({ unfinished: [{ id: d, reason: 'storage_unavailable' }] });
    expect(await finish(plan)).toMatchObject({
      state: 'unfinished',
      shards: [plan.videos.find(({ id }) => id === d)?.shard],
    });
    await fill(plan, rows, { skipFailed: true });
    const state = await finish(plan);
    expect(state).toMatchObject({ state: 'complete', manifest: { skipped: 3 } });
    const videos = (await readFile(join(folder, 'videos.ndjson'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(
      videos
        .filter(({ skipped }) => skipped)
        .map(({ id, skipped }) => [id, skipped])
        .sort(),
    ).toEqual(
      [
        [a, 'media_corrupt'],
        [b, 'no_clip'],
        [d, 'storage_unavailable'],
      ].sort(),
    );
  });

  it.each<Partial<ResultRow>>([
    { status: 'canceled' },
    { status: 'failed', error_code: 'source_unreachable' },
    { status: 'failed', error_code: 'upload_expired' },
  ])('waits for a video that ended with %o, and leaves it out only where all that failed is', async (end) => {
    const plan = planOf(['a', 'b']);
    const rows = plan.videos.map(({ id }) => rowOf(id, end));
    const reason = end.error_code ?? 'canceled';
    const unfinished = plan.videos.map(({ id }) => ({ id, reason }));
    expect(await fill(plan, rows)).toEqual({ unfinished });
    expect(await fill(plan, rows, { skipFailed: true })).toEqual({ unfinished: [] });
    expect(await finish(plan)).toMatchObject({ state: 'complete', manifest: { skipped: 2 } });
    expect(await readFile(join(folder, 'videos.ndjson'), 'utf8')).toContain(`"skipped":"${reason}"`);
  });

  it('has the same bytes once: what is judged by stays, and two labels for them are refused', async () => {
    const plan = planOf(['a', 'b', 'c', 'd'], { b: { label: 'real' }, c: { label: 'fake' }, d: { label: 'fake' } });
    const train = plan.videos.find(({ split, label }) => split === 'train' && label === 'real')?.id ?? '';
    const test = plan.videos.find(({ split, label }) => split === 'test' && label === 'real')?.id ?? '';
    const rows = await Promise.all(
      plan.videos.map(({ id }) => analyse(store, id, { bytes: [train, test].includes(id) ? 'same' : id })),
    );
    await fill(plan, rows);
    const state = await finish(plan);
    expect(state).toMatchObject({ state: 'duplicates', record: { excluded: [train] } });
    const record = (await readBuildRecord(out, plan)) as BuildRecord;
    await fill(plan, rows, { record });
    expect(await finish(plan, record)).toMatchObject({ state: 'complete', manifest: { skipped: 1 } });
    const wrong = planOf(['e', 'f']);
    const other = folderPlace(await mkdtemp(join(root, 'out-')));
    await fill(wrong, await Promise.all(['e', 'f'].map((id) => analyse(store, id, { bytes: 'both' }))), { out: other });
    await expect(finishDataset(wrong, recordOf(wrong), other, {})).rejects.toThrow(
      'are the same file; one of the labels is wrong',
    );
  });

  it('whose equal videos two machines find at once keeps what the first has written again, and what it excluded', async () => {
    const plan = planOf(['a', 'b', 'c', 'd'], { b: { label: 'real' } });
    const [train, test] = ['train', 'test'].map((split) =>
      plan.videos.find((video) => video.split === split && video.label === 'real'),
    );
    const bytesOf = (id: string): string => ([train?.id, test?.id].includes(id) ? 'same' : id);
    const rows = await Promise.all(plan.videos.map(({ id }) => analyse(store, id, { bytes: bytesOf(id) })));
    await fill(plan, rows);
    const key = `building/notes/${train?.shard}.json`;
    const before = await out.get(key);
    expect(await finish(plan)).toMatchObject({ state: 'duplicates', shards: [train?.shard] });
    expect(partsOf(plan, [train?.shard ?? ''], 2)).toEqual([
      [...shardsOf(plan).keys()].indexOf(train?.shard ?? '') + 1,
    ]);
    const record = { ...recordOf(plan), excluded: [train?.id ?? '', 'of another machine'] };
    await writeBuildRecord(out, record);
    await fill(plan, rows, { record });
    let looks = 0;
    const late = { ...out, get: async (path: string) => (path === key && looks++ === 0 ? before : out.get(path)) };
    expect(await finishDataset(plan, recordOf(plan), late, {})).toEqual({ state: 'duplicates', record, shards: [] });
    expect(await finish(plan, record)).toMatchObject({ state: 'complete', manifest: { skipped: 1 } });
  });

  it('is not mixed with another one, and clips that are gone are named', async () => {
    const plan = planOf(['a', 'b']);
    await writeBuildRecord(out, recordOf(plan));
    await expect(readBuildRecord(out, planOf(['a', 'c']))).rejects.toMatchObject({ code: 'conflict' });
    const rows = await Promise.all(plan.videos.map(({ id }) => analyse(store, id)));
    await store.deletePrefix(`jobs/${rows[0]?.job}/runs/1/clips/`);
    await expect(fill(plan, rows)).rejects.toThrow(
      /does not hold clip 0 of face 0, or its points of .* media retention is over/,
    );
  });

  it('with a shard that was cut short is refused by its name', async () => {
    const plan = planOf(['a', 'b']);
    await fill(plan, await Promise.all(plan.videos.map(({ id }) => analyse(store, id))));
    const path = `${plan.videos[0]?.shard}.tar`;
    await truncate(join(folder, path), 3000);
    await expect(samplesOf(out, path)).rejects.toThrow(new RegExp(`the shard ${path} is cut short`));
  });
});
