import { createReadStream } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { isEnded, type Job, type JobId } from '@styleflow/contracts';
import { makeVideo, startHttpServer } from '@styleflow/testing';
import { comparable } from '../system/comparable-result.js';
import type { ProcessUnderTest } from '../system/process-under-test.js';
import { SOON_TAKEN_OVER, type SystemUnderTest, startSystem } from '../system/system.js';

const JOBS = 40;
/** Milliseconds between two submissions. The load is about two thirds of what two cores can do. */
const GAP_MS = 3_000;
const STAGES = ['cpu-worker', 'gpu-worker'] as const;
const WORKERS_A_STAGE = 2;
/** How often every worker of both stages is replaced. */
const ROUNDS = 2;

interface Tally {
  readonly jobs: number;
  readonly succeeded: number;
  readonly equalResults: number;
  /** Clips that a result contains more than once. */
  readonly clipsTwice: number;
  readonly terminalStatuses: number;
  readonly medianSeconds: number;
  readonly p95Seconds: number;
}

/**
 * Submits jobs all the time while every worker is replaced twice, as in a rolling update: a new worker starts first,
 * then the old one drains. The same load without restarts, in the same run, is the comparison.
 */
export async function benchRollingRestart(say: (line: string) => void): Promise<Record<string, unknown>> {
  const file = await makeVideo({ people: ['franck'], frames: 64 });
  const site = await startHttpServer((_request, response) => {
    createReadStream(file).pipe(response);
  });
  // The graph is really run, at batch 1, so that every run gives equal numbers.
  const system = await startSystem(SOON_TAKEN_OVER);
  const fleet = new Map<string, ProcessUnderTest[]>(STAGES.map((stage) => [stage, []]));
  try {
    // The system's own workers are the first of each stage.
    for (const stage of STAGES) {
      for (let more = 1; more < WORKERS_A_STAGE; more++) fleet.get(stage)?.push(await startBeside(system, stage));
    }
    const first = await system.client.submit({ type: 'url', url: site.url });
    await system.client.wait(first.id);
    const expected = comparable(await system.client.result(first.id));
    const calm = await tally(system, await submitAll(system, site.url), expected);
    say(`undisturbed: ${JSON.stringify(calm)}`);
    const restarts = replaceAll(system, fleet, say);
    const jobs = await submitAll(system, site.url);
    const replaced = await restarts;
    const stirred = await tally(system, jobs, expected);
    say(`with ${replaced} workers replaced: ${JSON.stringify(stirred)}`);
    return {
      replaced,
      undisturbed: calm,
      restarting: stirred,
      addedMedianSeconds: stirred.medianSeconds - calm.medianSeconds,
      addedP95Seconds: stirred.p95Seconds - calm.p95Seconds,
    };
  } finally {
    await Promise.all([...fleet.values()].flat().map((worker) => worker.stop()));
    await system.stop();
    await site.stop();
  }
}

/** Starts one more worker with the same settings as the system's own. */
async function startBeside(system: SystemUnderTest, stage: (typeof STAGES)[number]): Promise<ProcessUnderTest> {
  const own = stage === 'cpu-worker' ? system.cpuWorker : system.gpuWorker;
  const worker = own.sibling();
  await worker.start();
  return worker;
}

async function submitAll(system: SystemUnderTest, url: string): Promise<JobId[]> {
  const ids: JobId[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < JOBS; n++) {
    await wait(Math.max(0, startedAt + n * GAP_MS - performance.now()));
    ids.push((await system.client.submit({ type: 'url', url })).id);
  }
  return ids;
}

/** Spreads the restarts over the time in which jobs arrive. */
async function replaceAll(
  system: SystemUnderTest,
  fleet: ReadonlyMap<string, ProcessUnderTest[]>,
  say: (line: string) => void,
): Promise<number> {
  const total = ROUNDS * STAGES.length * WORKERS_A_STAGE;
  let replaced = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const stage of STAGES) {
      const own = stage === 'cpu-worker' ? system.cpuWorker : system.gpuWorker;
      const beside = fleet.get(stage) ?? [];
      for (let n = 0; n < WORKERS_A_STAGE; n++) {
        await wait((JOBS * GAP_MS) / (total + 1));
        const old = round === 0 && n === 0 ? own : beside.shift();
        beside.push(await startBeside(system, stage));
        const startedAt = performance.now();
        await old?.stop();
        replaced += 1;
        say(`${stage} ${replaced} of ${total} drained in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
      }
    }
  }
  return replaced;
}

async function tally(
  system: SystemUnderTest,
  ids: readonly JobId[],
  expected: ReturnType<typeof comparable>,
): Promise<Tally> {
  const seconds: number[] = [];
  let [succeeded, equalResults, clipsTwice, terminalStatuses] = [0, 0, 0, 0];
  for (const id of ids) {
    const job = await system.client.wait(id);
    for await (const event of system.client.events(id)) {
      if (event.type === 'status' && isEnded((event.data as Job).status)) terminalStatuses += 1;
    }
    if (job.status !== 'succeeded' || job.finishedAt === null) continue;
    succeeded += 1;
    seconds.push((Date.parse(job.finishedAt) - Date.parse(job.createdAt)) / 1000);
    const result = await system.client.result(id);
    if (isDeepStrictEqual(comparable(result), expected)) equalResults += 1;
    for (const { clips } of result.faces) clipsTwice += clips.length - new Set(clips.map(({ index }) => index)).size;
  }
  seconds.sort((a, b) => a - b);
  const at = (share: number): number => seconds[Math.ceil(share * seconds.length) - 1] ?? Number.NaN;
  return {
    jobs: ids.length,
    succeeded,
    equalResults,
    clipsTwice,
    terminalStatuses,
    medianSeconds: at(0.5),
    p95Seconds: at(0.95),
  };
}
