import { join } from 'node:path';
import { parseEnv } from '@styleflow/runtime';
import { clipKey, openObjectStore, sourceKey, storeSettings } from '@styleflow/storage';
import { makeVideo, until } from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SOON_TAKEN_OVER, type SystemUnderTest, startSystem } from '../system/system.js';

let system: SystemUnderTest;
beforeEach(async () => {
  system = await startSystem(SOON_TAKEN_OVER);
});
afterEach(() => system.stop());

/** Prepares a job of `clips` clips while no GPU worker runs, damages its second clip, and takes away what it was cut from. */
async function jobWithPoison(clips: number): Promise<string> {
  await system.gpuWorker.stop();
  const video = await makeVideo({ frames: clips * 32 });
  const job = await system.client.submitFile(video, { options: { maxFrames: clips * 32 } });
  await until('decoding has ended', async () => (await system.client.job(job.id)).status === 'scoring');
  const store = await openObjectStore(
    parseEnv(storeSettings, { STYLEFLOW_STORE: `file:${join(system.folder, 'store')}` }),
  );
  await store.put(clipKey(job.id, 1, 0, 1), 'no clip', 'application/octet-stream');
  await store.delete([sourceKey(job.id)]);
  await store.close();
  return job.id;
}

describe('a clip that is damaged and cannot be cut again', () => {
  it('fails its job when more than a fifth of the clips is lost, and other jobs are scored', async () => {
    const poisoned = await jobWithPoison(2);
    const healthy = await system.client.submitFile(await makeVideo({ frames: 40 }));
    await system.gpuWorker.start();
    const ended = await system.client.wait(poisoned);
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    expect(ended.error?.message).toContain(`${clipKey(poisoned, 1, 0, 1)} is damaged and could not be made again: `);
    expect((await system.client.wait(healthy.id)).status).toBe('succeeded');
  });

  it('leaves a partial result when at least four fifths were scored', async () => {
    const poisoned = await jobWithPoison(5);
    await system.gpuWorker.start();
    expect((await system.client.wait(poisoned)).status).toBe('succeeded');
    const result = await system.client.result(poisoned);
    expect(result.partial).toBe(true);
    expect(result.faces[0]?.clips.map((clip) => clip.score === null)).toEqual([false, true, false, false, false]);
  });
});

it('a prepare that kills its worker each time stalls out, and its job fails once', async () => {
  const { cpuWorker, client } = system;
  let decoding = cpuWorker.nextLine('"step":"decode"');
  const job = await client.submitFile(await makeVideo({ frames: 96 }));
  for (let kills = 0; (await client.job(job.id)).status !== 'failed' && kills < 12; kills += 1) {
    await Promise.race([decoding, client.wait(job.id)]);
    await cpuWorker.kill9();
    decoding = cpuWorker.nextLine('"step":"decode"');
    await cpuWorker.start();
  }
  expect(await client.job(job.id)).toMatchObject({ status: 'failed', error: { code: 'internal' } });
  const healthy = await client.submitFile(await makeVideo({ frames: 40 }));
  expect((await client.wait(healthy.id)).status).toBe('succeeded');
});
