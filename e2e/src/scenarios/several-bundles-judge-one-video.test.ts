import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Opinion, type Result, scoreQueueName } from '@styleflow/contracts';
import { importOnnx } from '@styleflow/converter';
import { parseEnv } from '@styleflow/runtime';
import { clipsPrefix, type ObjectStore, openObjectStore, scoresPrefix, storeSettings } from '@styleflow/storage';
import { makeVideo } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { comparable } from '../system/comparable-result.js';
import { MEAN_OF_PICTURE } from '../system/mean-of-picture.js';
import type { ProcessUnderTest } from '../system/process-under-test.js';
import { SOON_TAKEN_OVER, type SystemUnderTest, startSystem } from '../system/system.js';

let folder: string;
let system: SystemUnderTest;
let video: string;
let ids: string[];
let custom: ProcessUnderTest[];

/** A classifier whose score is the mean of so many pictures of a face: each number makes another graph of the same network. */
async function importBundle(frames: number, threshold: number): Promise<{ id: string; bundle: string }> {
  const [model, page, bundle] = [join(folder, 'mean.onnx'), join(folder, `${frames}.json`), join(folder, `${frames}`)];
  await writeFile(model, MEAN_OF_PICTURE);
  const descriptor = { layout: 'NCHW', size: [64, 64], frames, output: { kind: 'probability' }, threshold };
  await writeFile(page, JSON.stringify(descriptor));
  const { id } = await importOnnx({
    ...{ model, descriptor: page, directory: bundle, mayReplaceOther: false, name: `mean-${frames}` },
    ...{ fallbackName: 'mean', trained: true },
  });
  return { id, bundle };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-several-'));
  const bundles = [await importBundle(4, 0.001), await importBundle(8, 0.001), await importBundle(16, 0.999)];
  system = await startSystem({ ...SOON_TAKEN_OVER, STYLEFLOW_THREADS: '1' });
  const untrained = (await system.client.models()).models[0]?.id ?? '';
  custom = bundles.map(({ bundle }) => system.anotherGpuWorker({ STYLEFLOW_BUNDLE: bundle }));
  await Promise.all(custom.map((worker) => worker.start()));
  ids = [...bundles.map(({ id }) => id), untrained];
  video = await makeVideo({ frames: 64 });
});
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What the CPU worker has done so far. */
async function workDone(): Promise<{ readonly frames: number; readonly cpuSeconds: number }> {
  const page = await (await fetch(`${system.adminUrls['cpu-worker']}/metrics`)).text();
  const read = (name: string): number => Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(page)?.[1]);
  return { frames: read('styleflow_frames_decoded_total'), cpuSeconds: read('process_cpu_seconds_total') };
}

async function resultOf(options: Readonly<Record<string, unknown>>): Promise<Result> {
  const job = await system.client.submitFile(video, { options });
  const ended = await system.client.wait(job.id);
  expect([ended.error, ended.status]).toEqual([undefined, 'succeeded']);
  return system.client.result(job.id);
}

/** The names of all scores of a job. */
async function scoresOf(job: string): Promise<string[]> {
  const store = await openStore();
  const names: string[] = [];
  for await (const { key } of store.list(scoresPrefix(job, 1))) names.push(key.slice(scoresPrefix(job, 1).length));
  await store.close();
  return names;
}

/** What one bundle says, without where it ran. */
const numbersOf = ({ model, verdict, faces }: Pick<Opinion, 'model' | 'verdict' | 'faces'>) => ({
  ...{ model, verdict },
  faces: faces.map(({ track, score, clips }) => ({
    ...{ track, score },
    clips: clips.map((clip) => ({ index: clip.index, logit: clip.logit, score: clip.score })),
  })),
});

const openStore = (): Promise<ObjectStore> =>
  openObjectStore(parseEnv(storeSettings, { STYLEFLOW_STORE: `file:${join(system.folder, 'store')}` }));

async function pixelsLeft(job: string): Promise<string[]> {
  const store = await openStore();
  const keys: string[] = [];
  for await (const { key } of store.list(clipsPrefix(job, 1))) keys.push(key);
  await store.close();
  return keys;
}

it('four bundles judge one video that is decoded once, with the numbers of four jobs, whatever is killed', async () => {
  const alone: Result[] = [];
  const start = await workDone();
  for (const bundle of ids) alone.push(await resultOf({ bundle }));
  const before = await workDone();
  const together = await resultOf({ bundles: ids });
  const after = await workDone();
  expect([before.frames - start.frames, after.frames - before.frames]).toEqual([4 * 64, 64]);
  // About a quarter; a start of the worker that is still settling may add to either.
  expect((after.cpuSeconds - before.cpuSeconds) / (before.cpuSeconds - start.cpuSeconds)).toBeLessThan(0.6);
  expect(together.opinions?.map(numbersOf)).toEqual(alone.map(numbersOf));
  expect(await pixelsLeft(together.job)).toEqual([]);
  // Two say fake, the one with an unreachable threshold real, and random weights have no vote.
  expect(together.verdict).toEqual({ label: 'fake', score: 2 / 3, threshold: 0.5 });
  expect(together.combined).toMatchObject({ rule: 'majority', disagreed: [ids[2]], abstained: [ids[3]] });
  expect(together.faces).toMatchObject(alone[0]?.faces.map(({ score }) => ({ score })) ?? []);
  const report = await (await fetch(`${system.url}/v1/jobs/${together.job}/report`)).text();
  expect(report).toContain('What each model says');

  const [first] = custom;
  const scored = first?.nextLine('clip scored');
  const job = await system.client.submitFile(video, { options: { bundles: ids } });
  await scored;
  await first?.kill9();
  await first?.start();
  expect(await system.client.wait(job.id)).toMatchObject({ status: 'succeeded' });
  const disturbed = await system.client.result(job.id);
  expect(comparable(disturbed)).toEqual(comparable(together));
  expect(disturbed.opinions).toEqual(together.opinions);
  expect(await pixelsLeft(job.id)).toEqual([]);
  const queues = (await system.client.system()).queues.filter(({ name }) => name.startsWith(scoreQueueName('')));
  expect(queues.every(({ waiting, active }) => waiting + active === 0)).toBe(true);
});

it('each clip is scored in three encodings when the stability of the verdict is asked for, with the same verdict besides', async () => {
  const [bundle = '', , unreachable = '', untrained = ''] = ids;
  const plain = await resultOf({ bundle });
  const result = await resultOf({ bundle, stability: true });
  expect(numbersOf(result)).toEqual(numbersOf(plain));
  const { scores, spread, ...stability } = result.stability ?? { scores: null, spread: null };
  expect(stability).toMatchObject({
    ...{
      state: 'stable',
      labels: { plain: 'fake', h264: 'fake', half: 'fake' },
      clips: { planned: 2, h264: 2, half: 2 },
    },
  });
  expect(scores?.plain).toBe(plain.verdict.score);
  expect(new Set(Object.values(scores ?? {})).size).toBe(3);
  // A classifier of mean brightness hardly looks at what an encoder takes away.
  expect(spread).toBeGreaterThan(0);
  expect(spread).toBeLessThan(0.05);
  const names = [0, 1].flatMap((clip) => ['', '.h264', '.half'].map((variant) => `0.${clip}${variant}.json`));
  expect((await scoresOf(result.job)).sort()).toEqual([...names].sort());
  expect(await pixelsLeft(result.job)).toEqual([]);

  const together = await resultOf({ bundles: [unreachable, untrained], stability: true });
  expect(together.opinions?.map((opinion) => opinion.stability?.state)).toEqual(['stable', 'no_verdict']);
  expect(await pixelsLeft(together.job)).toEqual([]);
  const report = await (await fetch(`${system.url}/v1/jobs/${together.job}/report`)).text();
  expect(report).toContain('Scores after mild re-encoding');
});
