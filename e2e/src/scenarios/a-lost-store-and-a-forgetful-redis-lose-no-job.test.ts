import { existsSync } from 'node:fs';
import { mkdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SOON_TAKEN_OVER, type SystemUnderTest, startSystem } from '../system/system.js';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await startSystem(SOON_TAKEN_OVER);
});
afterAll(() => system.stop());

const readiness = async (url: string): Promise<number> => (await fetch(`${url}/readyz`)).status;

it('a store whose disk is gone is an outage: nobody fills its place, no video is blamed, and the job ends after it', async () => {
  const { client, folder, adminUrls } = system;
  const store = join(folder, 'store');
  const video = await makeVideo({ frames: 40 });
  // What a disk that is not mounted leaves: once nothing at all, once its empty mount point.
  for (const leaves of ['nothing', 'an empty folder']) {
    await system.cpuWorker.stop();
    const { id } = await client.submitFile(video);
    await rename(store, `${store}.away`);
    if (leaves === 'an empty folder') await mkdir(store);
    const missed = system.cpuWorker.nextLine('store is not there');
    const starting = system.cpuWorker.start();
    await missed;
    await until('the others are not ready', async () => (await readiness(adminUrls['gpu-worker'])) === 503);
    await expect(client.submitFile(video)).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect((await client.job(id)).status).toBe('queued');
    // Empty still, else it could not be removed.
    if (leaves === 'an empty folder') await rmdir(store);
    expect(existsSync(store)).toBe(false);
    await rename(`${store}.away`, store);
    await starting;
    expect(await client.wait(id)).toMatchObject({ status: 'succeeded' });
  }
});

it('a worker that runs takes a store that was emptied for an outage, and a video in it for no missing one', async () => {
  const { client, folder } = system;
  const objects = join(folder, 'store', 'objects');
  const video = await makeVideo({ frames: 40 });
  await client.pauseQueue('prepare');
  const { id } = await client.submitFile(video);
  const noticed = system.cpuWorker.nextLine('is not the store');
  await rename(objects, `${objects}.away`);
  await mkdir(objects);
  await client.resumeQueue('prepare');
  await noticed;
  expect((await client.job(id)).status).not.toBe('failed');
  await rmdir(objects);
  await rename(`${objects}.away`, objects);
  expect(await client.wait(id)).toMatchObject({ status: 'succeeded' });
});

it('a Redis that forgot everything is told again: of the bundle, of a job that is asked for, and of its result', async () => {
  const { client, redis } = system;
  const done = await client.submitFile(await makeVideo({ frames: 40 }));
  await client.wait(done.id);
  await system.cpuWorker.stop();
  const waiting = await client.submitFile(await makeVideo({ frames: 40 }));
  await redis.command('FLUSHALL');
  expect((await client.job(waiting.id)).status).toBe('queued');
  expect((await client.job(done.id)).status).toBe('succeeded');
  expect((await client.result(done.id)).faces).toHaveLength(1);
  await until('the worker has announced its bundle again', async () => (await client.models()).models.length === 1);
  await system.cpuWorker.start();
  expect(await client.wait(waiting.id)).toMatchObject({ status: 'succeeded' });
  const fresh = await client.submitFile(await makeVideo({ frames: 40 }));
  expect(await client.wait(fresh.id)).toMatchObject({ status: 'succeeded' });
});
