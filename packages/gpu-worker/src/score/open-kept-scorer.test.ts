import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openServableBundle, untrainedBundleDirectory } from '@styleflow/bundles';
import { mintJobId } from '@styleflow/contracts';
import { createLogger } from '@styleflow/runtime';
import { clipScoreKey, type ObjectStore, openObjectStore } from '@styleflow/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GraphCache, SAVED_GRAPH } from '../graph-cache/graph-cache.js';
import { openGraphCache } from '../graph-cache/open-graph-cache.js';
import type { ScoreThreadStart } from '../score-thread/score-messages.js';
import { storeClip, storeIn } from '../test-jobs.js';
import { openKeptScorer } from './open-kept-scorer.js';

describe('a worker on the CPU', { timeout: 180_000 }, () => {
  let folder: string;
  let store: ObjectStore;
  let start: ScoreThreadStart;
  let cache: GraphCache;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'styleflow-kept-'));
    store = await openObjectStore(storeIn(folder));
    const bundle = await openServableBundle(untrainedBundleDirectory());
    const graph = { file: 'styleflow.onnx', path: bundle.graphPath };
    const opened = await openGraphCache({ folder: join(folder, 'graphs'), bundle, graph, providers: ['cpu'] });
    if (!opened) throw new Error('there is a cache on the CPU');
    cache = opened;
    start = {
      graphPath: graph.path,
      graph: graph.file,
      session: { providers: ['cpu'], threads: 1 },
      maxBatch: 2,
      store: storeIn(folder),
      unpackThreads: 1,
    };
  });
  afterAll(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const quiet = createLogger('test', 'silent');

  /** Opens a scorer and keeps the graph. Answers how many runs it made to prove it. */
  async function openOnce(): Promise<number> {
    const { scorer, keep } = await openKeptScorer(start, cache, quiet);
    await keep();
    await scorer.close();
    return scorer.facts.warmUp.length;
  }

  /** The same, with the score of a clip between. */
  async function scoreOne() {
    const { scorer, keep } = await openKeptScorer(start, cache, quiet);
    const job = mintJobId();
    await storeClip(store, job, 0, 7);
    const clip = await scorer.load({ job, run: 1, track: 0, clip: 0 });
    if (!clip) throw new Error('the clip of a fresh job has a score');
    await scorer.score([clip]);
    await keep();
    await scorer.close();
    const stored = JSON.parse(String(await store.get(clipScoreKey(job, 1, 0, 0))));
    return { warmUp: scorer.facts.warmUp.length, logit: stored.logit as number };
  }

  it('proves the graph once, then starts from the kept one, with the same bits', async () => {
    const first = await scoreOne();
    expect(first.warmUp).toBe(1);
    expect(await scoreOne()).toEqual({ warmUp: 0, logit: first.logit });
  });

  it('makes a damaged graph anew, and one that cannot be run although its digests are right', async () => {
    const [entry = ''] = await readdir(join(folder, 'graphs'));
    const graph = join(folder, 'graphs', entry, SAVED_GRAPH);
    await appendFile(graph, 'x');
    expect(await openOnce()).toBe(1);
    expect(await cache.find()).not.toBeNull();

    await writeFile(graph, 'no graph');
    const path = join(folder, 'graphs', entry, 'entry.json');
    const told = JSON.parse(await readFile(path, 'utf8'));
    told.files[SAVED_GRAPH] = createHash('sha256').update('no graph').digest('hex');
    await writeFile(path, JSON.stringify(told));
    expect(await openOnce()).toBe(1);
    expect(await cache.find()).not.toBeNull();
  });

  it('works without a cache whose folder has vanished', async () => {
    await rm(join(folder, 'graphs'), { recursive: true });
    await writeFile(join(folder, 'graphs'), 'a file');
    expect(await openOnce()).toBe(1);
  });
});

it('nothing is kept beside a card', async () => {
  const bundle = await openServableBundle(untrainedBundleDirectory());
  const graph = { file: 'styleflow.onnx', path: bundle.graphPath };
  for (const providers of [['cuda'], ['cuda', 'cpu'], ['simulated']] as const)
    expect(await openGraphCache({ folder: undefined, bundle, graph, providers })).toBeNull();
});
