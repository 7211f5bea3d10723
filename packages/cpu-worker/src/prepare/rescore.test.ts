// @module-tag ffmpeg
import { readFile } from 'node:fs/promises';
import { inheritedOptions } from '@styleflow/batches';
import { type JobId, type JobOptions, mintJobId, type Result, ResultSchema } from '@styleflow/contracts';
import { preparePayloadOf } from '@styleflow/queue';
import { clipsPrefix, resultKey, sourceKey, stripKey } from '@styleflow/storage';
import { type LoopbackServer, makeVideo, startHttpServer, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CpuWorker, runCpuWorker } from '../run-cpu-worker.js';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';

let system: TestSystem;
let worker: CpuWorker;
let site: LoopbackServer;
let video: string;
let asked = 0;

beforeAll(async () => {
  system = await startTestSystem({ STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true', STYLEFLOW_SWEEP_SECONDS: '3600' });
  worker = await runCpuWorker(system.env, quietLogger);
  system.score((_track, clip) => clip);
  video = await makeVideo({ frames: 34 });
  const bytes = await readFile(video);
  site = await startHttpServer((_request, response) => {
    asked += 1;
    response.writeHead(200, { 'Content-Type': 'video/mp4', 'Content-Length': bytes.length }).end(bytes);
  });
});
afterAll(async () => {
  await worker.stop();
  await site.stop();
  await system.stop();
});

async function resultOf(job: JobId): Promise<Result> {
  expect(await system.waitForEnd(job)).toMatchObject({ status: 'succeeded' });
  return ResultSchema.parse(JSON.parse(String(await system.store.get(resultKey(job)))));
}

/** Scores a job again, as the API would submit it. */
async function rescore(job: JobId, options: Partial<JobOptions> = {}): Promise<JobId> {
  const earlier = await system.records.read(job);
  if (earlier === null) throw new Error(`there is no ${job}`);
  const { source, isSourceSealed } = earlier;
  const given = { source, isSourceSealed, rescoreOf: [job] };
  const record = await system.createJob({ ...inheritedOptions(earlier.options), ...options }, mintJobId(), given);
  await system.queue.addFlow(preparePayloadOf(record));
  return record.id;
}

const clipsOf = ({ faces }: Result) =>
  faces.map(({ track, boxes, quality, clips }) => ({
    ...{ track, boxes, quality },
    clips: clips.map(({ picture: _picture, details: _details, ...clip }) => clip),
  }));

async function pixelsOf(job: JobId): Promise<number> {
  let count = 0;
  for await (const { key } of system.store.list(clipsPrefix(job, 1))) count += Number(!key.endsWith('.json'));
  return count;
}

describe('a job that is scored again', () => {
  it('takes over the clips that were kept, and decodes nothing: its video may be gone', async () => {
    const job = await system.submit(video, { keepCrops: true });
    const before = await resultOf(job);
    const strip = await system.store.get(stripKey(job, 1, 0, 0));
    // A picture that went by itself is made anew.
    await system.store.delete([sourceKey(job), stripKey(job, 1, 0, 0)]);
    const again = await rescore(job);
    const after = await resultOf(again);
    expect(clipsOf(after)).toEqual(clipsOf(before));
    expect(after).toMatchObject({
      rescoreOf: job,
      video: before.video,
      frames: before.frames?.map(({ frame }) => ({ frame })),
    });
    expect(Object.keys(after.timings.steps)).toEqual(['copy']);
    await until('the copies have gone', async () => (await pixelsOf(again)) === 0);
    expect(strip?.equals((await system.store.get(stripKey(again, 1, 0, 0))) ?? Buffer.of())).toBe(true);
    expect(await pixelsOf(job)).toBe(clipsOf(before)[0]?.clips.length);
    expect(await resultOf(job)).toEqual(before);
    // Which of them were kept by the one in between does not matter.
    expect(await pixelsOf(await rescore(job, { keepCrops: true }).then(async (id) => (await resultOf(id)).job))).toBe(
      1,
    );
  });

  it('reads the video once more when it looks at other frames, and fails at once when there is none', async () => {
    const job = await system.submit(video, { keepCrops: true });
    await resultOf(job);
    const after = await resultOf(await rescore(job, { maxFrames: 33 }));
    expect(after.video.framesUsed).toBe(33);
    expect(after.timings.steps.decode).toBeGreaterThan(0);
    await system.store.delete([sourceKey(job)]);
    const { status, error, attempts } = await system.waitForEnd(await rescore(job, { maxFrames: 33 }));
    expect([status, error?.code, attempts]).toEqual(['failed', 'source_unreachable', 1]);
  });

  it('of an address reads the copy that was kept, and asks the address where there is none', async () => {
    const kept = await system.submitUrl(site.url, 'local', { keepSource: true });
    const plain = await system.submitUrl(site.url);
    const before = await resultOf(kept);
    await resultOf(plain);
    asked = 0;
    expect((await resultOf(await rescore(kept))).video).toEqual(before.video);
    expect(asked).toBe(0);
    await resultOf(await rescore(plain));
    expect(asked).toBe(1);
  });
});
