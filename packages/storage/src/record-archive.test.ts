import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptedKey, recordKey, sourceKey, stripKey, tombstoneKey } from './keys/object-keys.js';
import { openObjectStore } from './open-object-store.js';
import type { ObjectStore } from './port/object-store.js';
import { recordArchive } from './record-archive.js';
import { putTombstone } from './tombstones.js';

const JOB = 'job_00000000000000000000000001';
const ACCEPTED = JSON.stringify({ v: 1, fields: { status: 'queued' } });
const ENDED = JSON.stringify({ v: 1, fields: { status: 'failed' } });

let folder: string;
let store: ObjectStore;
let archive: ReturnType<typeof recordArchive>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-archive-'));
  store = await openObjectStore({ STYLEFLOW_STORE: { kind: 'file', folder }, STYLEFLOW_S3_SOURCE_BUCKETS: [] });
  archive = recordArchive(store);
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** Changes one byte in the middle, as a failing disk does. */
async function spoil(key: string): Promise<void> {
  const bytes = await store.get(key);
  if (bytes === null) throw new Error(`there is no ${key}`);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await store.put(key, bytes, 'application/json');
}

describe('what the store has of a job', () => {
  it('is nothing, or all that tells of it: acceptance, last end, last run, bytes of its video', async () => {
    expect(await archive.find(JOB)).toBeNull();
    await archive.accept(JOB, ACCEPTED);
    for (const run of [1, 2]) await archive.write({ job: JOB, run }, ENDED);
    await store.put(stripKey(JOB, 3, 0, 0), 'picture', 'image/png');
    await store.put(sourceKey(JOB), 'film', 'video/mp4');
    const found = await archive.find(JOB);
    expect(found).toMatchObject({ ended: { run: 2 }, lastRun: 3, sourceBytes: 4 });
    expect(JSON.parse(found?.accepted ?? '')).toMatchObject(JSON.parse(ACCEPTED));
    expect(JSON.parse(found?.ended?.text ?? '')).toMatchObject(JSON.parse(ENDED));
  });

  it('says that a run had ended also where its record is damaged', async () => {
    await archive.accept(JOB, ACCEPTED);
    await archive.write({ job: JOB, run: 1 }, ENDED);
    await spoil(recordKey(JOB, 1));
    await spoil(acceptedKey(JOB));
    expect(await archive.find(JOB)).toMatchObject({ accepted: null, ended: { run: 1, text: null } });
  });

  it('is forbidden by a tombstone, also by one that is damaged and names nobody', async () => {
    expect(await archive.tombstone(JOB)).toBeNull();
    await putTombstone(store, JOB, { owner: 'anna', at: 1_000 });
    expect(await archive.tombstone(JOB)).toEqual({ owner: 'anna' });
    await spoil(tombstoneKey(JOB));
    expect(await archive.tombstone(JOB)).toEqual({ owner: null });
  });
});
