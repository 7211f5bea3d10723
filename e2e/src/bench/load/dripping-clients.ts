import { createReadStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobId } from '@styleflow/contracts';
import { makeVideo, startHttpServer } from '@styleflow/testing';
import { type SystemUnderTest, startSystem } from '../../system/system.js';
import { startDrippingSource, startDrippingUploads } from './drips.js';

const HONEST_JOBS = 50;
const DRIPPING_SOURCES = 12;
const DRIPPING_UPLOADS = 64;
/** About half of what two cores can do. */
const GAP_MS = 2_500;
/** Time for the drips to take all they can get. */
const GRIP_MS = 3_000;

/**
 * Fifty honest jobs, half of them uploads and half of them addresses, beside twelve sources and sixty-four uploads that
 * drip; the same jobs undisturbed, before and after, are the comparison.
 */
export async function benchDrippingClients(say: (line: string) => void): Promise<Record<string, unknown>> {
  const file = await makeVideo({ people: ['franck'], frames: 40 });
  const site = await startHttpServer((_request, response) => {
    createReadStream(file).pipe(response);
  });
  const system = await startSystem();
  try {
    await honestJobs(system, { file, url: site.url, count: 2 });
    const before = await honestJobs(system, { file, url: site.url, count: HONEST_JOBS });
    say(`undisturbed: ${JSON.stringify(before)}`);
    const beside = await besideDrips(system, () => honestJobs(system, { file, url: site.url, count: HONEST_JOBS }));
    say(`beside the drips: ${JSON.stringify(beside)}`);
    const after = await honestJobs(system, { file, url: site.url, count: HONEST_JOBS });
    say(`undisturbed again: ${JSON.stringify(after)}`);
    const ratioOf = (figure: 'medianSeconds' | 'p95Seconds'): number =>
      beside[figure] / ((before[figure] + after[figure]) / 2);
    return {
      undisturbedBefore: before,
      besideDrips: beside,
      undisturbedAfter: after,
      medianRatio: ratioOf('medianSeconds'),
      p95Ratio: ratioOf('p95Seconds'),
    };
  } finally {
    await system.stop();
    await site.stop();
  }
}

async function besideDrips<T>(system: SystemUnderTest, run: () => Promise<T>): Promise<T> {
  const source = await startDrippingSource();
  const uploads = startDrippingUploads(Number(new URL(system.url).port), DRIPPING_UPLOADS);
  const dripping: string[] = [];
  try {
    for (let n = 0; n < DRIPPING_SOURCES; n += 1) {
      dripping.push((await system.client.submit({ type: 'url', url: source.urlOf(n) })).id);
    }
    await pause(GRIP_MS);
    return await run();
  } finally {
    await uploads.stop();
    for (const job of dripping) await system.client.cancel(job);
    await source.stop();
  }
}

interface Honest {
  readonly file: string;
  readonly url: string;
  readonly count: number;
}

/** From the first try to submit to the end of the job, as its client sees it. */
async function honestJobs({ client }: SystemUnderTest, { file, url, count }: Honest) {
  const startedAt = performance.now();
  const jobs = Array.from({ length: count }, async (_, n) => {
    await pause(Math.max(0, startedAt + n * GAP_MS - performance.now()));
    const submittedAt = performance.now();
    const { id } = n % 2 === 0 ? await client.submit({ type: 'url', url }) : await client.submitFile(file);
    const { status } = await client.wait(id as JobId);
    return { status, seconds: (performance.now() - submittedAt) / 1000 };
  });
  const ended = await Promise.all(jobs);
  const seconds = ended.map((job) => job.seconds).sort((a, b) => a - b);
  const at = (share: number): number => seconds[Math.ceil(share * seconds.length) - 1] ?? Number.NaN;
  return {
    jobs: ended.length,
    succeeded: ended.filter(({ status }) => status === 'succeeded').length,
    medianSeconds: at(0.5),
    p95Seconds: at(0.95),
    longestSeconds: at(1),
  };
}
