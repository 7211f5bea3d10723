import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintJobId } from '@styleflow/contracts';
import { type DatasetManifest, folderPlace, readBuildRecord, writeBuildRecord } from '@styleflow/datasets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BATCH_ID, type BatchApi, counts, startBatchApi, UNKNOWN_BATCH_ID } from '../batch/test-batch-api.js';
import { buildDataset } from './build-dataset.js';
import type { BuildResult, BuildWish } from './build-wish.js';
import { readEnv, storeAt } from './env.js';

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
  const row = (n: number, labels: string): string => `v${n},https://videos.example.org/${n}.mp4,${labels}`;
  await writeFile(manifest, ['id,source,truth_label,split', row(0, 'real,train'), row(1, 'fake,test')].join('\n'));
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

  it('that is complete is left as it is, and needs no system any more', async () => {
    const first = await build();
    await api.stop();
    expect(await build()).toEqual(JSON.parse(JSON.stringify(first)));
    expect(said.at(-1)).toMatch(/out is complete; nothing is left to do$/);
    await rm(join(root, 'out', 'dataset.json'));
    expect(await build()).toEqual(first);
    api = await startBatchApi();
  });

  it('whose batch the system does not know any more has the missing videos analysed by another one', async () => {
    const out = folderPlace(join(root, 'out'));
    const plan = { digest: String(((await build()) as { manifest: DatasetManifest }).manifest.plan) };
    const record = await readBuildRecord(out, plan);
    if (record === null) throw new Error('no record');
    await writeBuildRecord(out, { ...record, batch: UNKNOWN_BATCH_ID });
    await out.delete(['dataset.json', 'building/notes/test-000000.json']);
    expect(await build()).toMatchObject({ manifest: { skipped: 2 } });
    const [all, missing] = api.manifests;
    expect([all, missing].map((sent) => sent?.body.trim().split('\n').length)).toEqual([2, 1]);
    expect(await readBuildRecord(out, plan)).toMatchObject({ batch: BATCH_ID, shards: ['test-000000'] });
    // The batch lacks this one, though the system knows it.
    await out.delete(['dataset.json', 'building/notes/train-000000.json']);
    expect(await build()).toMatchObject({ manifest: { skipped: 2 } });
    expect(api.manifests[2]?.key).not.toBe(all?.key);
    expect(api.manifests).toHaveLength(3);
  });

  it('whose clips are over their retention has their videos analysed once more, by another batch', async () => {
    api.jobs.push(mintJobId());
    expect(await build()).toMatchObject({ manifest: { skipped: 2 } });
    expect(said).toContainEqual(expect.stringMatching(/retention is over .* are analysed again$/));
    expect(api.manifests).toHaveLength(2);
    expect(api.manifests[1]?.key).not.toBe(api.manifests[0]?.key);
  });

  it('whose clips are gone as soon as they are made ends, and says why', async () => {
    api.jobs.push(mintJobId(), mintJobId());
    await expect(build()).rejects.toMatchObject({ code: 'gone' });
  });

  it.each([
    [{ errors: { source_unreachable: 1, media_corrupt: 1 }, counts: counts({ total: 2, failed: 2 }) }, 'retry'],
    [{ errors: { upload_expired: 1 }, counts: counts({ total: 2, failed: 1 }) }, 'another batch'],
    [{ errors: {}, counts: counts({ total: 2, canceled: 1 }) }, 'another batch'],
    [{ errors: { media_corrupt: 2 }, counts: counts({ total: 2, failed: 2 }) }, 'nothing'],
  ])('after %o tries again by: %s', async (turn, how) => {
    await build();
    const out = folderPlace(join(root, 'out'));
    api.turns.splice(0, 1, { status: 'ended', ...turn });
    const again = async (skipFailed: boolean): Promise<string> => {
      await out.delete(['dataset.json', 'building/notes/test-000000.json']);
      api.calls.splice(0);
      await build({ skipFailed });
      if (api.calls.some((call) => call.endsWith('/retry'))) return 'retry';
      return api.calls.some((call) => call.startsWith('POST /v1/batches')) ? 'another batch' : 'nothing';
    };
    expect(await again(true)).toBe('nothing');
    expect(await again(false)).toBe(how);
  });

  it('is not shared among machines without a system that all of them reach', async () => {
    await expect(build({ api: undefined, part: { index: 1, of: 2 } })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('--api URL'),
    });
  });
});
