import { describe, expect, it } from 'vitest';
import { assignSplits, type SplitWish } from './assign-splits.js';
import { planDataset, shardsOf } from './plan-dataset.js';
import { type LabelledVideo, type ManifestCells, readLabels } from './plan-video.js';

const WISH: SplitWish = { shares: { train: 0.8, validation: 0.1, test: 0.1 }, seed: 1 };

const read = (rows: readonly ManifestCells[]): LabelledVideo[] =>
  readLabels(rows, () => null).map(({ video }) => video);
const video = (id: string, changes: Partial<LabelledVideo> = {}): LabelledVideo => ({
  ...{ id, label: 'real', method: null, identity: null, group: null, split: null, sha256: null },
  ...changes,
});

describe('the labels of a manifest', () => {
  it('are read in every spelling of column, label and split', () => {
    const rows = [
      { source: 'a', isReal: '1', split: 'Training', method: 'original' },
      { source: 'b', isReal: 'no', split: 'val', method: 'swap', identity: 'ann; bob' },
      { source: 'c', isReal: 'DeepFake', split: 'TEST' },
    ];
    expect(read(rows)).toEqual([
      video('1', { split: 'train' }),
      video('2', { label: 'fake', split: 'validation', method: 'swap', identity: 'ann; bob' }),
      video('3', { label: 'fake', split: 'test' }),
    ]);
    expect(
      read([
        { id: 7, truth_label: 0 },
        { Label: 'x', id: 8, truth_label: 1 },
      ]).map(({ label }) => label),
    ).toEqual(['real', 'fake']);
  });

  it('that are missing, unreadable or twice are refused, row by row', () => {
    expect(() => read([{ source: 'a' }])).toThrow(/no column with labels/);
    const rows = [
      { id: 'a', label: 'maybe' },
      { id: 'b', label: 'real', split: 'later' },
      { id: 'b', label: 'fake' },
    ];
    expect(() => read(rows)).toThrow(
      /row 1 \(a\): label is "maybe".*\nrow 2 \(b\): split is "later".*\nrow 3 \(b\): the id is there twice/s,
    );
  });
});

describe('splits', () => {
  it('of the manifest are taken over, and one identity in two of them is refused by name', () => {
    const videos = [
      video('a', { identity: 'ann', split: 'train' }),
      video('b', { identity: 'bob', split: 'test' }),
      video('c', { identity: 'cem;ann', split: 'test', label: 'fake' }),
    ];
    expect(() => assignSplits(videos, WISH)).toThrow('the identity "ann" is in train (a) and in test (c)');
    const splits = assignSplits(videos.slice(0, 2), WISH);
    expect(splits).toMatchObject({ madeBy: 'manifest', isIdentityDisjoint: true });
    expect(splits.notes).toEqual(['train has real videos alone', 'validation is empty', 'test has real videos alone']);
    expect(() => assignSplits([...videos.slice(0, 2), video('d')], WISH)).toThrow(
      '1 videos have no split and 2 have one: d',
    );
  });

  it('that are made keep people together, also those who meet in a third video, and each method near its share', () => {
    const videos = Array.from({ length: 100 }, (_, person) => [
      video(`real ${person}`, { identity: `p${person}` }),
      video(`swap ${person}`, {
        identity: `p${person}; p${person % 5 === 0 ? (person + 1) % 100 : person}`,
        label: 'fake',
        method: 'swap',
      }),
      video(`lips ${person}`, { identity: `p${person}`, label: 'fake', method: 'lips' }),
    ]).flat();
    const { splitOf, madeBy, isIdentityDisjoint, notes } = assignSplits(videos, WISH);
    expect({ madeBy, isIdentityDisjoint, notes }).toEqual({
      madeBy: 'identities',
      isIdentityDisjoint: true,
      notes: [],
    });
    const seen = new Map<string, string>();
    for (const { id, identity } of videos)
      for (const person of identity?.split('; ') ?? []) {
        expect(seen.get(person) ?? splitOf.get(id)).toBe(splitOf.get(id));
        seen.set(person, splitOf.get(id) ?? '');
      }
    for (const method of [null, 'swap', 'lips']) {
      const own = videos.filter((each) => each.method === method);
      const share = (split: string): number => own.filter(({ id }) => splitOf.get(id) === split).length;
      expect(Math.abs(share('train') - 80)).toBeLessThanOrEqual(2);
      expect(Math.abs(share('test') - 10)).toBeLessThanOrEqual(2);
    }
  });

  it('without identities go by recording and file, and say that they are not identity-disjoint', () => {
    const videos = Array.from({ length: 20 }, (_, n) => [
      video(`r${n}`, { group: `g${n}` }),
      video(`f${n}`, { group: `g${n}`, label: 'fake' }),
      video(`copy${n}`, { label: 'fake', sha256: n < 2 ? 'same' : null }),
    ]).flat();
    const { splitOf, madeBy, isIdentityDisjoint, notes } = assignSplits(videos, WISH);
    expect({ madeBy, isIdentityDisjoint }).toEqual({ madeBy: 'source videos', isIdentityDisjoint: false });
    expect(notes[0]).toMatch(/NOT identity-disjoint/);
    for (let n = 0; n < 20; n++) expect(splitOf.get(`r${n}`)).toBe(splitOf.get(`f${n}`));
    expect(splitOf.get('copy0')).toBe(splitOf.get('copy1'));
  });

  it('keep a fake that names nobody with its recording, whose people are named, and tie no others by a group', () => {
    const videos = Array.from({ length: 40 }, (_, n) => [
      video(`r${n}`, { identity: `p${n}`, group: `g${n}` }),
      video(`f${n}`, { group: `g${n}`, label: 'fake' }),
      video(`s${n}`, { identity: `q${n}`, group: 'shelf' }),
    ]).flat();
    const { splitOf, notes } = assignSplits(videos, WISH);
    for (let n = 0; n < 40; n++) expect(splitOf.get(`r${n}`)).toBe(splitOf.get(`f${n}`));
    expect(new Set(videos.filter(({ group }) => group === 'shelf').map(({ id }) => splitOf.get(id))).size).toBe(3);
    expect(notes).toEqual([expect.stringContaining('NOT identity-disjoint')]);
    const given = [
      video('r', { identity: 'ann', group: 'rec1', split: 'train' }),
      video('f', { group: 'rec1', split: 'test', label: 'fake' }),
    ];
    expect(() => assignSplits(given, WISH)).toThrow('the group "rec1" is in train (r) and in test (f)');
  });
});

describe('a plan', () => {
  const videos = Array.from({ length: 50 }, (_, n) =>
    video(`v${n}`, { identity: `p${n}`, label: n % 2 ? 'fake' : 'real' }),
  );
  const wish = { ...WISH, videosPerShard: 8, options: { keepCrops: true }, psp: null };

  it('is the same whenever it is made, and another with another seed', () => {
    expect(planDataset(videos, wish)).toEqual(planDataset(videos, wish));
    expect(planDataset(videos, { ...wish, seed: 2 }).digest).not.toBe(planDataset(videos, wish).digest);
  });

  it('puts every video into one shard of its split, of at most the wished number', () => {
    const shards = shardsOf(planDataset(videos, wish));
    expect([...shards.values()].flat()).toHaveLength(50);
    for (const [shard, own] of shards) {
      expect(own.length).toBeLessThanOrEqual(8);
      expect(new Set(own.map(({ split }) => `${split}-`))).toEqual(new Set([shard.replace(/\d+$/, '')]));
    }
    expect([...shards.keys()].sort().slice(0, 2)).toEqual(['test-000000', 'train-000000']);
  });
});
