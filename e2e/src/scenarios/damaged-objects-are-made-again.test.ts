import { join } from 'node:path';
import { parseEnv } from '@styleflow/runtime';
import { clipKey, clipScoreKey, type ObjectStore, openObjectStore, storeSettings } from '@styleflow/storage';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparable } from '../system/comparable-result.js';
import { SOON_TAKEN_OVER, type SystemUnderTest, startSystem } from '../system/system.js';

let system: SystemUnderTest;
let store: ObjectStore;
let video: string;
let undisturbed: ReturnType<typeof comparable>;

beforeAll(async () => {
  system = await startSystem(SOON_TAKEN_OVER);
  store = await openObjectStore(parseEnv(storeSettings, { STYLEFLOW_STORE: `file:${join(system.folder, 'store')}` }));
  video = await makeVideo({ frames: 96 });
  const job = await system.client.submitFile(video);
  await system.client.wait(job.id);
  undisturbed = comparable(await system.client.result(job.id));
});
afterAll(async () => {
  await store.close();
  await system.stop();
});

async function halve(key: string): Promise<void> {
  const bytes = await store.get(key);
  if (bytes === null) throw new Error(`there is no ${key}`);
  await store.put(key, bytes.subarray(0, bytes.length / 2), 'application/octet-stream');
}

/** A job that is as far as `finish`, which nobody starts before the queue is resumed. */
async function scoredJob(): Promise<string> {
  const { client } = system;
  await client.pauseQueue('finish');
  const job = await client.submitFile(video);
  await until('all clips are scored', async () => {
    const { status, progress } = await client.job(job.id);
    return status === 'scoring' && progress.clipsScored === 3;
  });
  return job.id;
}

async function endsAsUndisturbed(id: string): Promise<void> {
  const job = await system.client.wait(id);
  expect([job.error, job.status]).toEqual([undefined, 'succeeded']);
  expect(comparable(await system.client.result(id))).toEqual(undisturbed);
}

describe('an object that was written by halves', () => {
  it('as pixels of a clip: the clip is cut and scored again', async () => {
    const { client, gpuWorker } = system;
    await gpuWorker.stop();
    const job = await client.submitFile(video);
    await until('decoding has ended', async () => (await client.job(job.id)).status === 'scoring');
    await halve(clipKey(job.id, 1, 0, 1));
    await gpuWorker.start();
    await endsAsUndisturbed(job.id);
  });

  it('as a score: its clip is cut and scored again, whenever the CPU worker is killed meanwhile', async () => {
    const { client, cpuWorker, tripwires } = system;
    const job = await scoredJob();
    await halve(clipScoreKey(job, 1, 0, 1));
    // As it is about to look how often the run was prepared again; as it adds the entry; as the entry is worked on.
    for (const text of [`${job}.1.prepare.again.1`, '"again":1', `${job}.1.score.0.1`]) {
      const hit = tripwires['cpu-worker'].arm(text);
      await client.resumeQueue('finish');
      await hit;
      await cpuWorker.kill9();
      await cpuWorker.start();
    }
    await endsAsUndisturbed(job);
  });

  it('as a score, in a job that is canceled while the clip is made again', async () => {
    const { client, gpuWorker } = system;
    const job = await scoredJob();
    await halve(clipScoreKey(job, 1, 0, 1));
    await gpuWorker.stop();
    await client.resumeQueue('finish');
    await until('its clip is cut again', async () => store.head(clipKey(job, 1, 0, 1)));
    await client.cancel(job);
    // Nobody is there who would take the clip's entry.
    expect(await client.wait(job)).toMatchObject({ status: 'canceled' });
    await gpuWorker.start();
  });
});
