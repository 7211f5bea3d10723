import { readFile } from 'node:fs/promises';
import { type LoopbackServer, makeVideo, startHttpServer, until } from '@styleflow/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CpuWorker, runCpuWorker } from '../run-cpu-worker.js';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';

const DAY_S = 86_400;

let system: TestSystem;
let worker: CpuWorker;
let site: LoopbackServer;
let video: string;
/** When each path was asked. */
const asked = new Map<string, number[]>();

beforeAll(async () => {
  video = await makeVideo({ frames: 40 });
  const film = await readFile(video);
  // `/SECONDS/TIMES`: so often it answers 503 and asks to wait so long.
  site = await startHttpServer(({ url = '' }, response) => {
    const [, seconds, times] = url.split('/');
    const before = asked.get(url) ?? [];
    asked.set(url, [...before, performance.now()]);
    if (before.length >= Number(times)) response.end(film);
    else response.writeHead(503, { 'retry-after': seconds }).end();
  });
  system = await startTestSystem({
    STYLEFLOW_PREPARE_CONCURRENCY: '1',
    STYLEFLOW_FETCH_CONCURRENCY: '1',
    STYLEFLOW_MAX_FETCHES_PER_HOST: '1',
    STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true',
  });
  worker = await runCpuWorker(system.env, quietLogger);
  system.score(() => 0);
});
afterAll(async () => {
  await worker.stop();
  await system.stop();
  await site.stop();
});

it('a source that asks to come again in an hour keeps no other of the same host waiting, and its job neither ends nor spends attempts', async () => {
  const later = await system.submitUrl(`${site.url}/3600/1`);
  await until('it was asked', () => asked.has('/3600/1'));
  // The worker has one place to fetch, and the host one connection.
  const soon = await system.submitUrl(`${site.url}/0/0`);
  expect(await system.waitForEnd(soon)).toMatchObject({ status: 'succeeded' });
  expect(await system.records.read(later)).toMatchObject({ status: 'preparing', attempts: 1 });
});

it('a source that asks for a second, twice, is asked no sooner and then fetched', async () => {
  const job = await system.submitUrl(`${site.url}/1/2`);
  expect(await system.waitForEnd(job)).toMatchObject({ status: 'succeeded' });
  const times = asked.get('/1/2') ?? [];
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(pauses).toHaveLength(2);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(950);
});

it('a source that asks for more than the job’s time fails it at once and says so', async () => {
  const job = await system.submitUrl(`${site.url}/${2 * DAY_S}/1`);
  const message = expect.stringMatching(
    /answered 503 .* in 172800 s, when the job's 24 hours are over \(STYLEFLOW_MAX_JOB_HOURS\)/,
  );
  expect(await system.waitForEnd(job)).toMatchObject({
    ...{ status: 'failed', attempts: 1, error: { code: 'source_unreachable', message } },
  });
});
