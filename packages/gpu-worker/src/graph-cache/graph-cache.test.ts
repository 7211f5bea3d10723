import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { boundFolder } from './bound-folder.js';
import { GraphCache, type GraphFacts, SAVED_GRAPH, SAVED_WEIGHTS } from './graph-cache.js';

const FACTS: GraphFacts = {
  bundle: 'b'.repeat(64),
  graph: 'styleflow.cpu.onnx',
  provider: 'cpu',
  runtime: '1.30.0',
  processor: 'linux x64 avx2',
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-graph-cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Saves a graph as the runtime would, and keeps it. */
async function keep(cache: GraphCache, graph = 'graph'): Promise<void> {
  const saved = await cache.begin();
  await writeFile(join(saved, SAVED_GRAPH), graph);
  await writeFile(join(saved, SAVED_WEIGHTS), 'weights');
  await cache.keep(saved, 2.5);
}

const entries = async (): Promise<string[]> => (await readdir(folder)).sort();

describe('a kept graph', () => {
  it('is found by the next worker with the same facts, with the seconds of its first clip', async () => {
    const cache = new GraphCache(folder, FACTS);
    expect(await cache.find()).toBeNull();
    await keep(cache);
    const found = await new GraphCache(folder, FACTS).find();
    expect(found?.clipSeconds).toBe(2.5);
    expect(await readFile(found?.graphPath ?? '', 'utf8')).toBe('graph');
    expect(await entries()).toHaveLength(1);
  });

  it('serves for its own bundle, graph, provider, runtime and processor alone', async () => {
    await keep(new GraphCache(folder, FACTS));
    for (const name of Object.keys(FACTS))
      expect(await new GraphCache(folder, { ...FACTS, [name]: 'other' }).find()).toBeNull();
  });

  it('is read only while every byte is as it was, and is written anew otherwise', async () => {
    const cache = new GraphCache(folder, FACTS);
    await keep(cache);
    const [entry = ''] = await entries();
    for (const file of [SAVED_GRAPH, SAVED_WEIGHTS, 'entry.json']) {
      await appendFile(join(folder, entry, file), '}');
      expect(await cache.find()).toBeNull();
      await keep(cache);
      expect(await cache.find()).not.toBeNull();
    }
    await rm(join(folder, entry, SAVED_WEIGHTS));
    expect(await cache.find()).toBeNull();
  });

  it('of other facts in its place is ignored, also when its digests are right', async () => {
    const cache = new GraphCache(folder, FACTS);
    await keep(cache);
    const [entry = ''] = await entries();
    const path = join(folder, entry, 'entry.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('avx2', 'avx512'));
    expect(await cache.find()).toBeNull();
  });

  it('may be kept by many workers at once: one stays, whole, and nothing beside it', async () => {
    const caches = Array.from({ length: 8 }, () => new GraphCache(folder, FACTS));
    await Promise.all(caches.map((cache) => keep(cache)));
    expect(await entries()).toHaveLength(1);
    expect(await caches[0]?.find()).not.toBeNull();
  });

  it('is gone when it is forgotten, and what was begun when it is dropped', async () => {
    const cache = new GraphCache(folder, FACTS);
    await keep(cache);
    await cache.forget();
    await cache.drop(await cache.begin());
    expect(await entries()).toEqual([]);
  });
});

describe('the bound of a cache', () => {
  const entry = async (letter: string, bytes: number, usedAt: number): Promise<string> => {
    const path = join(folder, letter.repeat(32));
    await mkdir(path);
    await writeFile(join(path, SAVED_GRAPH), Buffer.alloc(bytes));
    await utimes(path, usedAt, usedAt);
    return path;
  };

  it('removes what was used longest ago, never the newest, and what killed processes left a day ago', async () => {
    const newest = await entry('a', 60, 100);
    await entry('b', 30, 400);
    await entry('c', 30, 300);
    await mkdir(join(folder, 'left.host.1-abcdef'));
    await mkdir(join(folder, 'young.host.1-abcdef'));
    await utimes(join(folder, 'left.host.1-abcdef'), 100, 100);
    await writeFile(join(folder, 'README'), 'mine');
    await boundFolder(folder, { mostBytes: 100, newest });
    expect(await entries()).toEqual(['README', 'a'.repeat(32), 'b'.repeat(32), 'young.host.1-abcdef']);
    await boundFolder(folder, { mostBytes: 10, newest });
    expect((await entries()).filter((name) => name.length === 32)).toEqual(['a'.repeat(32)]);
    expect((await stat(newest)).isDirectory()).toBe(true);
  });
});
