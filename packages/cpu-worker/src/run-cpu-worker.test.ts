import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Result, ResultSchema } from '@styleflow/contracts';
import {
  clipsPrefix,
  type ObjectStore,
  preparedKey,
  reportKey,
  resultKey,
  stripKey,
  stripsPrefix,
} from '@styleflow/storage';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CpuWorker, runCpuWorker } from './run-cpu-worker.js';
import { quietLogger, startTestSystem, type TestSystem } from './test-system.js';

let system: TestSystem;
let worker: CpuWorker;

beforeAll(async () => {
  system = await startTestSystem();
  worker = await runCpuWorker(system.env, quietLogger);
  system.score((track, clip) => 1 + track - clip / 10);
});
afterAll(async () => {
  await worker.stop();
  await system.stop();
});

async function readResult(store: ObjectStore, job: string): Promise<Result> {
  return ResultSchema.parse(JSON.parse((await store.get(resultKey(job)))?.toString() ?? 'null'));
}

async function keysUnder(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of system.store.list(prefix)) keys.push(key);
  return keys;
}

describe('the cpu worker', () => {
  it('turns a video of two people into clips, scores into a verdict, and writes result and report', async () => {
    const job = await system.submit(await makeVideo({ people: ['cap12_edit', 'franck'], frames: 80 }));
    const record = await system.waitForEnd(job);
    expect(record).toMatchObject({ status: 'succeeded', verdict: { label: 'fake', threshold: 0.2 } });
    expect(record.progress).toEqual({
      percent: 100,
      framesDecoded: 80,
      framesTotal: 80,
      clipsPlanned: 4,
      clipsScored: 4,
    });
    const result = await readResult(system.store, job);
    expect(result.verdict).toEqual(record.verdict);
    expect(result.faces.map(({ track, clips, framesUnused }) => [track, clips.length, framesUnused])).toEqual([
      [0, 2, 16],
      [1, 2, 16],
    ]);
    expect(result.faces[0]?.clips[1]).toMatchObject({ index: 1, frames: [32, 63], logit: 0.9, padded: false });
    expect(result.video).toMatchObject({ width: 776, height: 300, framesUsed: 80, framesDamaged: 0, codec: 'h264' });
    const strip = await system.store.get(stripKey(job, 1, 1, 1));
    expect(strip?.subarray(1, 4).toString()).toBe('PNG');
    const report = (await system.store.get(reportKey(job)))?.toString() ?? '';
    expect(report).toContain('Above the threshold');
    expect(report.split('data:image/png').length - 1).toBe(4);
    await until('the pixels are gone', async () => (await keysUnder(clipsPrefix(job, 1))).length === 0);
  });

  it('finds no face in a test picture, and says so without a clip', async () => {
    const job = await system.submit(await makeVideo({ people: [], frames: 40 }));
    const record = await system.waitForEnd(job);
    expect(record).toMatchObject({
      status: 'succeeded',
      verdict: { label: 'inconclusive', reason: 'no_face', score: null },
    });
    expect((await readResult(system.store, job)).faces).toEqual([]);
  });

  it('calls fifteen frames of a face too short, and mirrors sixteen into one padded clip', async () => {
    const short = await system.submit(await makeVideo({ frames: 15 }));
    const enough = await system.submit(await makeVideo({ frames: 16 }));
    expect((await system.waitForEnd(short)).verdict).toMatchObject({ label: 'inconclusive', reason: 'face_too_short' });
    expect((await system.waitForEnd(enough)).verdict?.label).toBe('fake');
    expect((await readResult(system.store, enough)).faces[0]?.clips).toMatchObject([{ frames: [0, 15], padded: true }]);
  });

  it('fails a file that is no video at once, with its code, and lives on', async () => {
    const file = join(system.folder, 'text.mp4');
    await writeFile(file, 'plain text\n'.repeat(100));
    const record = await system.waitForEnd(await system.submit(file));
    expect(record).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'unsupported_media' } });
  });

  it('shows only the primary face when asked to, under its own number, and scores no other', async () => {
    const video = await makeVideo({ people: ['cap12_edit', 'franck'], frames: 64 });
    const job = await system.submit(video, { faces: 'primary' });
    expect((await system.waitForEnd(job)).progress).toMatchObject({ clipsPlanned: 2, clipsScored: 2 });
    const { faces } = await readResult(system.store, job);
    expect(faces.map(({ track, rank, clips }) => [track, rank, clips.length])).toEqual([[0, 1, 2]]);
  });

  it('gives the same account twice: two jobs of one video differ in nothing that was measured', async () => {
    const video = await makeVideo({ frames: 70 });
    const jobs = [await system.submit(video), await system.submit(video)];
    const accounts = await Promise.all(
      jobs.map(async (job) => {
        await system.waitForEnd(job);
        const {
          steps: _,
          check: _check,
          ...account
        } = JSON.parse((await system.store.get(preparedKey(job, 1)))?.toString() ?? '');
        const strips = await Promise.all((await keysUnder(stripsPrefix(job, 1))).map((key) => system.store.get(key)));
        return { account, strips };
      }),
    );
    expect(accounts[0]?.strips).toHaveLength(2);
    expect(accounts[1]).toEqual(accounts[0]);
  });

  it('stops a canceled job long before its end, frees its scratch space and ends it once', async () => {
    const frames = 2_000;
    const video = await makeVideo({ people: ['franck'], frames, size: { width: 640, height: 512 } });
    const job = await system.submit(video, { maxFrames: 0 });
    const untilDecoded = (count: number) =>
      until(`${count} frames are decoded`, async () => {
        const decoded = (await system.records.read(job))?.progress.framesDecoded ?? 0;
        return decoded > count ? { decoded, at: performance.now() } : null;
      });
    const first = await untilDecoded(32);
    const next = await untilDecoded(first.decoded + 64);
    await system.records.requestCancel(job);
    const record = await system.waitForEnd(job);
    expect(record.status).toBe('canceled');
    // At this machine's own pace.
    const restMs = ((next.at - first.at) / (next.decoded - first.decoded)) * (frames - next.decoded);
    expect(performance.now() - next.at).toBeLessThan(restMs / 3);
    expect(await system.store.head(preparedKey(job, 1))).toBeNull();
    const scratch = join(system.folder, 'scratch');
    const [own = ''] = await readdir(scratch);
    expect(await readdir(join(scratch, own))).toEqual([]);
    expect(await system.store.head(resultKey(job))).toBeNull();
  });

  it('removes the queue entries of ended jobs in its sweep', async () => {
    const job = await system.submit(await makeVideo({ people: [], frames: 40 }));
    await system.waitForEnd(job);
    await until('its entries are gone', async () => (await system.queue.flowState({ job, run: 1 })) === 'absent');
  });
});
