import { readFile } from 'node:fs/promises';
import type { Job } from '@styleflow/contracts';
import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { comparable } from '../system/comparable-result.js';
import { SOON_TAKEN_OVER, type SystemUnderTest, startSystem } from '../system/system.js';

let system: SystemUnderTest;
let video: string;
let undisturbed: Comparable;

beforeAll(async () => {
  system = await startSystem(SOON_TAKEN_OVER);
  video = await makeVideo({ frames: 96 });
});
afterAll(() => system.stop());

type Comparable = ReturnType<typeof comparable>;

async function endsAsUndisturbed(id: string): Promise<Job> {
  const job = await system.client.wait(id);
  expect(job.error).toBeUndefined();
  expect(job.status).toBe('succeeded');
  expect(comparable(await system.client.result(id))).toEqual(undisturbed);
  return job;
}

beforeEach(async () => {
  if (undisturbed !== undefined) return;
  const job = await system.client.submitFile(video);
  await system.client.wait(job.id);
  undisturbed = comparable(await system.client.result(job.id));
});

describe('kill -9', () => {
  it('of the CPU worker while it adds a clip: another start takes over and the result is equal', async () => {
    const { tripwires, cpuWorker, client } = system;
    // The queue is paused until the wire is armed, which needs the job's name: the worker may still be removing the
    // entries of the job before.
    await client.pauseQueue('prepare');
    const job = await client.submitFile(video);
    const hit = tripwires['cpu-worker'].arm(`${job.id}.1.score.0.1`);
    await client.resumeQueue('prepare');
    await hit;
    await cpuWorker.kill9();
    await cpuWorker.start();
    const ended = await endsAsUndisturbed(job.id);
    // There are more attempts when a busy machine does not renew the short lock in time.
    expect(ended.attempts).toBeGreaterThanOrEqual(2);
  });

  it('of the CPU worker between writing the result and setting the status: it ends once, with that result', async () => {
    const { tripwires, cpuWorker, client } = system;
    const hit = tripwires['cpu-worker'].arm('untrained_bundle');
    const job = await client.submitFile(video);
    await hit;
    expect((await client.job(job.id)).status).toBe('scoring');
    await cpuWorker.kill9();
    await cpuWorker.start();
    await endsAsUndisturbed(job.id);
  });

  it('of the GPU worker after it has scored a clip and before it says so: no clip is lost or counted twice', async () => {
    const { gpuWorker, client } = system;
    const scored = gpuWorker.nextLine('clip scored');
    const job = await client.submitFile(video);
    await scored;
    await gpuWorker.kill9();
    await gpuWorker.start();
    const ended = await endsAsUndisturbed(job.id);
    expect(ended.progress).toMatchObject({ clipsPlanned: 3, clipsScored: 3 });
  });

  it('of the API between accepting a job and enqueueing it: the sweep enqueues it', async () => {
    const { tripwires, api, client, url } = system;
    const before = new Set((await client.list()).jobs.map((job) => job.id));
    const hit = tripwires.api.arm('.finish');
    const form = new FormData();
    form.append('video', new Blob([await readFile(video)]), 'face.mp4');
    const answer = fetch(`${url}/v1/jobs`, { method: 'POST', body: form }).then(
      () => 'answered',
      () => 'cut',
    );
    await hit;
    await api.kill9();
    expect(await answer).toBe('cut');
    await api.start();
    const accepted = (await client.list()).jobs.find((job) => !before.has(job.id));
    await endsAsUndisturbed(accepted?.id ?? 'none');
  });
});

describe('an outage of Redis', () => {
  it('answers queue_unavailable while it lasts, and every accepted job still ends', async () => {
    const { redis, client, cpuWorker } = system;
    const decoding = cpuWorker.nextLine('clip added');
    const job = await client.submitFile(video);
    await decoding;
    await redis.kill9();
    await expect(client.job(job.id)).rejects.toMatchObject({ code: 'queue_unavailable' });
    await redis.restart();
    await endsAsUndisturbed(job.id);
  });
});
