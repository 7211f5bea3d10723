import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ObjectStore, openObjectStore } from '@styleflow/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storeIn } from '../test-jobs.js';
import { fetchBundle } from './fetch-bundle.js';

const GRAPH = 'not really a graph';

describe('fetchBundle', () => {
  let folder: string;
  let store: ObjectStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-bundle-'));
    store = await openObjectStore(storeIn(join(folder, 'store')));
    const manifest = {
      format: 1,
      name: 'some',
      variant: 'content',
      trained: false,
      precision: 'fp32',
      clip: { frames: 32, size: 256 },
      threshold: 0.2,
      calibration: { a: 1, b: 0 },
      graph: 'styleflow.onnx',
      bytesPerClip: 1,
      files: { 'styleflow.onnx': createHash('sha256').update(GRAPH).digest('hex') },
      source: [],
      createdAt: '2026-01-01T00:00:00.000Z',
    };
    await store.put('bundle.json', JSON.stringify(manifest), 'application/json');
    await store.put('styleflow.onnx', GRAPH, 'application/octet-stream');
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('copies the files that the manifest names, and keeps those that are whole', async () => {
    const cache = join(folder, 'cache');
    const first = await fetchBundle(store, cache);
    expect((await readdir(first)).sort()).toEqual(['bundle.json', 'styleflow.onnx']);
    const same = 'n'.repeat(GRAPH.length);
    await writeFile(join(first, 'styleflow.onnx'), same);
    expect(await fetchBundle(store, cache)).toBe(first);
    expect(await readFile(join(first, 'styleflow.onnx'), 'utf8')).toBe(same);
    await writeFile(join(first, 'styleflow.onnx'), 'cut');
    await fetchBundle(store, cache);
    expect(await readFile(join(first, 'styleflow.onnx'), 'utf8')).toBe(GRAPH);
  });

  it('takes nothing that is not what the manifest says, and leaves no half file', async () => {
    await store.put('styleflow.onnx', 'not really A graph', 'application/octet-stream');
    const cache = join(folder, 'cache');
    await expect(fetchBundle(store, cache)).rejects.toMatchObject({
      code: 'bundle_unknown',
      message: expect.stringMatching(/^styleflow\.onnx of the bundle at .* is damaged: its SHA-256 is /),
    });
    const [name = ''] = await readdir(cache);
    expect(await readdir(join(cache, name))).toEqual([]);
  });

  it('removes what killed starts left, but not what another start is writing', async () => {
    const cache = join(folder, 'cache');
    const bundle = await fetchBundle(store, cache);
    const [stale, fresh] = [join(bundle, 'styleflow.data.1.part'), join(bundle, 'styleflow.data.2.part')];
    for (const file of [stale, fresh]) await writeFile(file, 'half');
    const hourAgo = new Date(Date.now() - 3_600_000);
    await utimes(stale, hourAgo, hourAgo);
    await fetchBundle(store, cache);
    expect((await readdir(bundle)).sort()).toEqual(['bundle.json', 'styleflow.data.2.part', 'styleflow.onnx']);
  });

  it('says what is missing or no manifest', async () => {
    await store.delete(['styleflow.onnx']);
    await expect(fetchBundle(store, folder)).rejects.toMatchObject({
      code: 'bundle_unknown',
      message: expect.stringContaining('lacks its file styleflow.onnx'),
    });
    await store.put('bundle.json', '{"format": 2}', 'application/json');
    await expect(fetchBundle(store, folder)).rejects.toMatchObject({
      code: 'bundle_unknown',
      message: expect.stringContaining('is no valid bundle manifest'),
    });
    await store.delete(['bundle.json']);
    await expect(fetchBundle(store, folder)).rejects.toThrow('there is no bundle.json');
  });
});
