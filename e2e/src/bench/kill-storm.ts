import { createReadStream } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { isEnded, type Job, type JobId } from '@styleflow/contracts';
import { makeVideo, startHttpServer } from '@styleflow/testing';
import { comparable } from '../system/comparable-result.js';
import type { ProcessName, ProcessUnderTest } from '../system/process-under-test.js';
import { SOON_TAKEN_OVER, type SystemUnderTest, startSystem } from '../system/system.js';

const JOBS = 20;
const KILLS = 5;

interface Spot {
  readonly name: string;
  readonly process: ProcessName;
  /** Resolves when the process is at the spot. The write that it was about to make never happens. */
  readonly reached: (system: SystemUnderTest) => Promise<string>;
}

const SPOTS: readonly Spot[] = [
  { name: 'decoding', process: 'cpu-worker', reached: ({ cpuWorker }) => cpuWorker.nextLine('"step":"decode"') },
  { name: 'adding clips', process: 'cpu-worker', reached: ({ tripwires }) => tripwires['cpu-worker'].arm('.score.') },
  {
    name: 'finish',
    process: 'cpu-worker',
    reached: ({ tripwires }) => tripwires['cpu-worker'].arm('untrained_bundle'),
  },
  {
    name: 'tensor batch',
    process: 'gpu-worker',
    reached: ({ gpuWorker }) => gpuWorker.nextLine('scoring clip'),
  },
  { name: 'accepting', process: 'api', reached: ({ tripwires }) => tripwires.api.arm('.finish') },
];

/**
 * Queues 20 jobs and kills each process five times at each spot. Then compares every job's result with an undisturbed
 * run: exactly one terminal status, exactly one result, equal in every number.
 */
export async function benchKillStorm(say: (line: string) => void): Promise<Record<string, unknown>> {
  const files = [await makeVideo({ frames: 96 }), await makeVideo({ people: ['franck'], frames: 64 })];
  const site = await startHttpServer((request, response) => {
    createReadStream(files[Number(request.url?.slice(1))] ?? '').pipe(response);
  });
  const videos = files.map((_, n) => `${site.url}/${n}`);
  const outcome: Record<string, unknown> = {};
  for (const spot of SPOTS) {
    const system = await startSystem(SOON_TAKEN_OVER);
    try {
      const expected = await Promise.all(videos.map((video) => undisturbed(system, video)));
      const startedAt = performance.now();
      outcome[spot.name] = await storm(system, spot, videos, expected, say);
      say(
        `${spot.name}: ${JSON.stringify(outcome[spot.name])} in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`,
      );
    } finally {
      await system.stop();
    }
  }
  await site.stop();
  return outcome;
}

async function undisturbed(system: SystemUnderTest, video: string): Promise<ReturnType<typeof comparable>> {
  const job = await system.client.submit({ type: 'url', url: video });
  await system.client.wait(job.id);
  return comparable(await system.client.result(job.id));
}

async function storm(
  system: SystemUnderTest,
  spot: Spot,
  videos: readonly string[],
  expected: readonly ReturnType<typeof comparable>[],
  say: (line: string) => void,
): Promise<Record<string, unknown>> {
  const before = new Set((await allJobs(system)).map(({ id }) => id));
  const target = processOf(system, spot.process);
  const kills = (async () => {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const words = await spot.reached(system);
      await target.kill9();
      say(`${spot.name}: kill ${kill} of ${spot.process} at ${placeOf(words)}`);
      await target.start();
    }
  })();
  for (let n = 0; n < JOBS; n += 1) await submitUntilAnswered(system, videos[n % videos.length] ?? '');
  await kills;
  const jobs = (await allJobs(system)).filter(({ id }) => !before.has(id));
  let equal = 0;
  let terminal = 0;
  for (const { id } of jobs) {
    const job = await waitThroughRestarts(system, id);
    terminal += await countTerminalEvents(system, id);
    if (job.status !== 'succeeded') continue;
    const result = comparable(await system.client.result(id));
    const url = job.source.type === 'url' ? job.source.url : '';
    if (isDeepStrictEqual(expected[videos.indexOf(url)], result)) equal += 1;
  }
  const ended = (await allJobs(system)).filter(({ id, status }) => !before.has(id) && isEnded(status)).length;
  return { kills: KILLS, jobs: jobs.length, ended, terminalStatuses: terminal, equalResults: equal };
}

/** Where the process was: the entry that the cut bytes name, or job, track and clip of a log line. */
function placeOf(words: string): string {
  const entry = /job_[0-9A-Z]{26}(?:\.\d+\.[a-z]+(?:\.\d+\.\d+)?)?/.exec(words)?.[0] ?? 'no named job';
  const clip = /"track":(\d+),"clip":(\d+)/.exec(words);
  return clip === null ? entry : `${entry} track ${clip[1]} clip ${clip[2]}`;
}

function processOf({ api, cpuWorker, gpuWorker }: SystemUnderTest, name: ProcessName): ProcessUnderTest {
  return { api, 'cpu-worker': cpuWorker, 'gpu-worker': gpuWorker }[name];
}

/** Submits as a careful client does: with an idempotency key, and again after a broken connection. */
async function submitUntilAnswered(system: SystemUnderTest, url: string): Promise<void> {
  const idempotencyKey = crypto.randomUUID();
  await again(() => system.client.submit({ type: 'url', url }, { idempotencyKey }));
}

async function waitThroughRestarts(system: SystemUnderTest, id: JobId): Promise<Job> {
  return again(() => system.client.wait(id));
}

async function again<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function allJobs(system: SystemUnderTest): Promise<Job[]> {
  return (await again(() => system.client.list({ limit: 200 }))).jobs;
}

async function countTerminalEvents(system: SystemUnderTest, id: JobId): Promise<number> {
  let count = 0;
  for await (const event of system.client.events(id)) {
    if (event.type === 'status' && isEnded((event.data as Job).status)) count += 1;
  }
  return count;
}
