import { access, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderPlace } from '@styleflow/datasets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BATCH_ID, type BatchApi, counts, startBatchApi } from '../batch/test-batch-api.js';
import { type BuildResult, type BuildWish, buildDataset } from './build-dataset.js';
import { storeAt, readEnv } from './env.js';

let api: BatchApi;
let root: string;
let manifest: string;
let said: string[];
beforeEach(async () => {
  api = await startBatchApi();
  // Its results are of v0 and v1, which have no job: both are left out, and the data set is complete without a clip.
  api.turns.push({ status: 'ended', counts: counts({ total: 2, failed: 2 }) });
  root = await mkdtemp(join(tmpdir(), 'styleflow-build-'));
  manifest = join(root, 'videos.csv');
  const row = (n: number, label: string): string => `v${n},https://videos.example.org/${n}.mp4,${label}`;
  await writeFile(manifest, ['id,source,truth_label', row(0, 'real'), row(1, 'fake')].join('\n'));
  said = [];
});
afterEach(async () => {
  await api.stop();
  await rm(root, { recursive: true });
});

function build(changes: Partial<BuildWish> = {}): Promise<BuildResult> {
  const wish = {
    ...{ manifest, out: join(root, 'out'), data: undefined, api: api.url, key: undefined, bundle: undefined },
    ...{ psp: undefined, options: {}, shares: { train: 0.5, validation: 0, test: 0.5 }, seed: 1, videosPerShard: 1 },
    ...{ part: { index: 0, of: 1 }, parallel: 1, skipFailed: false, ...changes },
  };
  return buildDataset(wish, {
    place: folderPlace(wish.out),
    settings: { ...readEnv(), ...storeAt(readEnv(), `file:${join(root, 'store')}`) },
    say: (sentence) => said.push(sentence),
    signal: new AbortController().signal,
  });
}

describe('the build of a data set', () => {
  it('works in a folder of its own within the one that was named, and removes no other', async () => {
    const data = join(root, 'mine');
    expect(await build({ data })).toMatchObject({ manifest: { skipped: 2 } });
    expect(await readdir(data)).toEqual([]);
    await writeFile(join(data, 'mine.txt'), 'mine');
    expect(await build({ data, out: join(root, 'other') })).toMatchObject({ manifest: { skipped: 2 } });
    expect(await readdir(data)).toEqual(['mine.txt']);
  });
});
