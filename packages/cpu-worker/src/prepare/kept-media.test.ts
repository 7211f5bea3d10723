// @module-tag ffmpeg
import { readFile } from 'node:fs/promises';
import { type JobId, type Prepared, ResultSchema } from '@styleflow/contracts';
import { previewKey, resultKey, sourceKey } from '@styleflow/storage';
import { askRedis, type LoopbackServer, makeVideo, startHttpServer } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPrepared } from '../prepared/read-prepared.js';
import { type CpuWorker, runCpuWorker } from '../run-cpu-worker.js';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';
import { framesToShow } from './preview-work.js';

let system: TestSystem;
let worker: CpuWorker;
let site: LoopbackServer;
let video: string;
let bytes: Buffer;

beforeAll(async () => {
  system = await startTestSystem({ STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true', STYLEFLOW_SWEEP_SECONDS: '3600' });
  worker = await runCpuWorker(system.env, quietLogger);
  system.score(() => 0);
  video = await makeVideo({ frames: 40 });
  bytes = await readFile(video);
  site = await startHttpServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'video/mp4', 'Content-Length': bytes.length }).end(bytes);
  });
});
afterAll(async () => {
  await worker.stop();
  await site.stop();
  await system.stop();
});

/** Bytes that count against an owner's quota. */
async function storedBy(owner: string): Promise<number> {
  const usage = await askRedis(system.redis.port, ['HGET', `{styleflow}/usage/${owner}`, 'bytes']);
  return Number(usage ?? 0);
}

/** Once it has ended. */
async function keptOf(job: JobId) {
  expect(await system.waitForEnd(job)).toMatchObject({ status: 'succeeded' });
  const prepared = await readPrepared(system.store, { job, run: 1 });
  if (prepared === null || prepared === 'damaged') throw new Error(`${job} has no account`);
  const { preview }: Prepared = prepared.value;
  const { preview: told } = ResultSchema.parse(JSON.parse(String(await system.store.get(resultKey(job)))));
  return {
    ...{ preview, told },
    stored: (await system.store.get(previewKey(job, 1)))?.length ?? null,
    source: await system.store.get(sourceKey(job)),
  };
}

describe('a job', () => {
  it('of an upload keeps a small video of what was looked at, and tells of it in its result', async () => {
    const job = await system.submit(video, { preview: undefined });
    const { preview, told, stored } = await keptOf(job);
    expect(preview).toMatchObject({ frames: 40, bytes: stored });
    expect(stored).toBeGreaterThan(1_000);
    expect(told).toEqual({ ...preview, video: `/v1/jobs/${job}/preview.webm` });
  });

  it('of a URL keeps nothing of the video, unless it is asked to', async () => {
    const plain = await keptOf(await system.submitUrl(site.url));
    expect(plain).toEqual({ preview: undefined, told: undefined, stored: null, source: null });
    const options = { preview: true, keepSource: true };
    const { stored, source } = await keptOf(await system.submitUrl(site.url, 'local', options));
    expect(stored).toBeGreaterThan(1_000);
    expect(source?.equals(bytes)).toBe(true);
  });

  it('counts what it keeps among what its owner has stored, until it is deleted', async () => {
    const before = await storedBy('kept-for-anna');
    const options = { preview: true, keepSource: true };
    const job = await system.submitUrl(site.url, 'kept-for-anna', options);
    const { stored } = await keptOf(job);
    expect((await storedBy('kept-for-anna')) - before).toBe(bytes.length + (stored ?? 0));
    await system.records.bury(job);
    expect(await storedBy('kept-for-anna')).toBe(before);
  });

  it('of an upload keeps none when it is not to', async () => {
    const { preview, stored } = await keptOf(await system.submit(video, { preview: false }));
    expect([preview, stored]).toEqual([undefined, null]);
  });
});

describe('a preview', () => {
  it.each([
    ['of the first frames shows them', [{ firstFrame: 0, frames: 110 }], 110],
    [
      'of places close together shows all between them',
      [
        { firstFrame: 0, frames: 32 },
        { firstFrame: 90, frames: 32 },
      ],
      122,
    ],
    [
      'of places far apart is not made: it would cost more than the analysis',
      [
        { firstFrame: 0, frames: 32 },
        { firstFrame: 9_000, frames: 32 },
      ],
      0,
    ],
    ['of a long video ends after ten minutes', [{ firstFrame: 0, frames: 400_000 }], 18_000],
  ])('%s', (_case, windows, frames) => {
    expect(framesToShow(windows)).toBe(frames);
  });
});
