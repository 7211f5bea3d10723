import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mintJobId } from '@styleflow/contracts';
import { beganKey, clipScoreKey, type ObjectStore, openObjectStore, sealJson } from '@styleflow/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bindRun } from './bind-run.js';

let store: ObjectStore;
const job = mintJobId();
const [mine, others] = ['a'.repeat(64), 'b'.repeat(64)];
const VIDEO = 'c'.repeat(64);
const score = clipScoreKey(job, 1, 0, 0);

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'styleflow-bind-'));
  store = await openObjectStore({ STYLEFLOW_STORE: { kind: 'file', folder }, STYLEFLOW_S3_SOURCE_BUCKETS: [] });
});
afterEach(() => store.close());

async function hasScore(): Promise<boolean> {
  return (await store.head(score)) !== null;
}

describe('a run', () => {
  it('keeps its scores when it is begun again by the same rules', async () => {
    await bindRun(store, { job, run: 1 }, mine, VIDEO);
    await store.put(score, '{}', 'application/json');
    await bindRun(store, { job, run: 1 }, mine, VIDEO);
    expect(await hasScore()).toBe(true);
  });

  it('starts anew when a worker of other rules goes on with it, and is bound to those', async () => {
    await bindRun(store, { job, run: 1 }, others, VIDEO);
    await store.put(score, '{}', 'application/json');
    await bindRun(store, { job, run: 1 }, mine, VIDEO);
    expect(await hasScore()).toBe(false);
    await store.put(score, '{}', 'application/json');
    await bindRun(store, { job, run: 1 }, mine, VIDEO);
    expect(await hasScore()).toBe(true);
  });

  it('starts anew when nothing tells by which rules it began, or what tells is damaged', async () => {
    await store.put(score, '{}', 'application/json');
    await bindRun(store, { job, run: 1 }, mine, VIDEO);
    expect(await hasScore()).toBe(false);
    await store.put(score, '{}', 'application/json');
    await store.put(beganKey(job, 1), '{"v":1,"preproc', 'application/json');
    await bindRun(store, { job, run: 1 }, mine, VIDEO);
    expect(await hasScore()).toBe(false);
  });

  it('is of one video: another one is refused for good, and its scores stay', async () => {
    await bindRun(store, { job, run: 1 }, mine, VIDEO);
    await store.put(score, '{}', 'application/json');
    const another = bindRun(store, { job, run: 1 }, mine, 'd'.repeat(64));
    await expect(another).rejects.toMatchObject({ code: 'source_unreachable', retryable: false });
    expect(await hasScore()).toBe(true);
  });

  it('that a version before began without naming its video goes on', async () => {
    await store.put(beganKey(job, 1), sealJson({ v: 1, preprocessing: mine }), 'application/json');
    await store.put(score, '{}', 'application/json');
    await bindRun(store, { job, run: 1 }, mine, VIDEO);
    expect(await hasScore()).toBe(true);
  });
});
