import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JobId } from '@styleflow/contracts';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CpuWorker, runCpuWorker } from '../run-cpu-worker.js';
import { quietLogger, startTestSystem, type TestSystem } from '../test-system.js';

const DRIPPING = 12;
const HONEST = 4;

let system: TestSystem;
let worker: CpuWorker;
let video: string;
/** Sends a byte now and then, for ever, to whoever asks; counts who does, by the host that was asked. */
let server: Server;
let port: number;
const open = new Map<string, number>();
const most = new Map<string, number>();

beforeAll(async () => {
  server = createServer((request, response) => {
    const { host = '' } = request.headers;
    open.set(host, (open.get(host) ?? 0) + 1);
    most.set(host, Math.max(most.get(host) ?? 0, open.get(host) ?? 0));
    response.writeHead(200, { 'content-type': 'video/mp4' });
    const drip = setInterval(() => response.write('.'), 200);
    response.once('close', () => {
      clearInterval(drip);
      open.set(host, (open.get(host) ?? 1) - 1);
    });
  });
  // On every address of the loopback, each of which is a host of its own.
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  port = (server.address() as AddressInfo).port;
  system = await startTestSystem({
    STYLEFLOW_PREPARE_CONCURRENCY: '2',
    STYLEFLOW_ALLOW_PRIVATE_SOURCES: 'true',
    // They drip on for as long as the test lasts.
    STYLEFLOW_MIN_SOURCE_RATE: '0',
  });
  worker = await runCpuWorker(system.env, quietLogger);
  system.score(() => 0);
  video = await makeVideo({ frames: 40 });
});
afterAll(async () => {
  await worker.stop();
  await system.stop();
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});

const openInAll = (): number => [...open.values()].reduce((sum, count) => sum + count, 0);

/** Ms until jobs whose videos are at hand have all ended well. */
async function honestJobs(): Promise<number> {
  const startedAt = performance.now();
  const jobs: JobId[] = [];
  for (let count = 0; count < HONEST; count += 1) jobs.push(await system.submit(video));
  const ended = await Promise.all(jobs.map((job) => system.waitForEnd(job)));
  expect(ended.map(({ status }) => status)).toEqual(ended.map(() => 'succeeded'));
  return performance.now() - startedAt;
}

async function cancelAll(jobs: readonly JobId[]): Promise<void> {
  for (const job of jobs) await system.records.requestCancel(job);
  for (const job of jobs) await system.queue.dropWaitingPrepare({ job, run: 1 });
  await until('nothing drips', () => openInAll() === 0);
}

describe('a worker with two places to decode', () => {
  let undisturbedMs: number;

  it('shows what honest jobs take undisturbed', async () => {
    await honestJobs();
    undisturbedMs = await honestJobs();
  });

  it.each([
    ['one host, of whose connections there are eight', () => '127.0.0.1', 8],
    ['twelve hosts', (index: number) => `127.0.0.${index + 2}`, DRIPPING],
  ])('lets honest jobs through beside twelve sources that drip, of %s', async (_case, hostOf, expected) => {
    most.clear();
    const jobs: JobId[] = [];
    for (let index = 0; index < DRIPPING; index += 1) {
      jobs.push(await system.submitUrl(`http://${hostOf(index)}:${port}/video.mp4`, `owner-${index}`));
    }
    await until('two drip, which is all that could be decoded', () => openInAll() >= 2);
    const disturbedMs = await honestJobs();
    await until('all that may drip do', () => openInAll() === expected);
    process.stdout.write(
      `${HONEST} honest jobs beside ${DRIPPING} dripping: ${Math.round(disturbedMs)} ms, undisturbed ${Math.round(undisturbedMs)} ms\n`,
    );
    expect(disturbedMs).toBeLessThan(2 * undisturbedMs + 10_000);
    expect(Math.max(...most.values())).toBeLessThanOrEqual(8);
    const waiting = (await Promise.all(jobs.map((job) => system.records.read(job)))).map((job) => job?.attempts);
    // Who waits for its turn has not been started.
    expect(waiting.filter((attempts) => attempts === 0)).toHaveLength(DRIPPING - expected);
    await cancelAll(jobs);
  });

  it('leaves half of its fetches to others when one owner has more sources that drip than it could fetch', async () => {
    const jobs: JobId[] = [];
    const other = await system.submitUrl(`http://127.0.1.99:${port}/video.mp4`, 'other');
    for (let index = 0; index < 20; index += 1) {
      jobs.push(await system.submitUrl(`http://127.0.1.${index + 2}:${port}/video.mp4`, 'many'));
    }
    await until("half drip, and the other owner's", () => openInAll() === 9);
    const honestMs = await honestJobs();
    expect(honestMs).toBeLessThan(2 * undisturbedMs + 10_000);
    expect(openInAll()).toBe(9);
    await cancelAll([...jobs, other]);
  });
});
