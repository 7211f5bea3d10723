import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ERROR_CODES } from '@styleflow/contracts';
import { makeVideo, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INSTALLATION, readOperatorsSelectors } from '../system/operators-queries.js';
import { pick, readSeries, type Selector, type Series } from '../system/scrape.js';
import { type SystemUnderTest, startSystem } from '../system/system.js';

let system: SystemUnderTest;
const pages = { api: '', 'cpu-worker': '', 'gpu-worker': '' };

async function scrape(): Promise<void> {
  const read = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
  pages.api = await read(system.url);
  pages['cpu-worker'] = await read(system.adminUrls['cpu-worker']);
  pages['gpu-worker'] = await read(system.adminUrls['gpu-worker']);
}

/**
 * Scrapes after so many jobs are finished. A job's end is published before its worker has cleaned up and counted the
 * last attempt.
 */
async function scrapeAfter(jobs: number): Promise<void> {
  const finished = `styleflow_stage_seconds_count{stage="finish",step="attempt"} ${jobs}\n`;
  await until('the worker is done with the jobs', async () => {
    await scrape();
    return pages['cpu-worker'].includes(finished);
  });
  // Pages that were read before the worker's may be older than its count, so all are read once more.
  await scrape();
}

beforeAll(async () => {
  system = await startSystem();
  const job = await system.client.submitFile(await makeVideo({ frames: 40 }));
  await system.client.wait(job.id);
  await fetch(`${system.url}/v1/jobs/job_00000000000000000000000000`);
  await scrapeAfter(1);
});
afterAll(() => system.stop());

/** Samples that must exist after one job. A number at the end is the value. */
const SHOWN: ReadonlyArray<readonly [keyof typeof pages, RegExp]> = [
  ['api', /^styleflow_queue_depth\{queue="prepare",state="waiting"\} 0$/m],
  ['api', /^styleflow_queue_depth\{queue="prepare",state="active"\} 0$/m],
  ['api', /^styleflow_queue_depth\{queue="prepare",state="unadmitted"\} 0$/m],
  ['api', /^styleflow_queue_depth\{queue="finish",state="waiting"\} 0$/m],
  ['api', /^styleflow_queue_depth\{queue="score\.[0-9a-f]{12}",state="active"\} 0$/m],
  ['api', /^styleflow_queue_oldest_seconds\{queue="score\.[0-9a-f]{12}"\} 0$/m],
  ['api', /^styleflow_workers\{kind="cpu-worker",health="(ready|busy)"\} 1$/m],
  ['api', /^styleflow_workers\{kind="gpu-worker",health="(ready|busy)"\} 1$/m],
  ['api', /^styleflow_dependency_up\{dependency="redis"\} 1$/m],
  ['api', /^styleflow_dependency_up\{dependency="store"\} 1$/m],
  ['api', /^styleflow_http_requests_total\{method="GET",route="\/v1\/jobs\/:id",status="404"\} 1$/m],
  ['api', /^styleflow_http_request_seconds_count\{method="GET",route="\/v1\/jobs\/:id"\} [1-9]/m],
  ['api', /^styleflow_redis_memory_bytes [1-9]\d{5,}$/m],
  ['api', /^styleflow_redis_memory_limit_bytes 1000000000$/m],
  ['cpu-worker', /^styleflow_jobs_total\{status="succeeded",code=""\} 1$/m],
  ['cpu-worker', /^styleflow_jobs_total\{status="canceled",code=""\} 0$/m],
  ['cpu-worker', /^styleflow_jobs_total\{status="failed",code="inference_failed"\} 0$/m],
  ['cpu-worker', /^styleflow_stage_seconds_count\{stage="prepare",step="decode"\} 1$/m],
  ['cpu-worker', /^styleflow_stage_seconds_count\{stage="prepare",step="attempt"\} 1$/m],
  ['cpu-worker', /^styleflow_stage_seconds_count\{stage="finish",step="attempt"\} 1$/m],
  ['cpu-worker', /^styleflow_frames_decoded_total 40$/m],
  ['cpu-worker', /^styleflow_faces_tracked_total 1$/m],
  ['cpu-worker', /^styleflow_bytes_stored_total [1-9]\d{5,}$/m],
  ['cpu-worker', /^styleflow_worker_busy_ratio 0$/m],
  ['cpu-worker', /^styleflow_stalled_total 0$/m],
  ['cpu-worker', /^# TYPE styleflow_retries_total counter$/m],
  ['gpu-worker', /^styleflow_stage_seconds_count\{stage="score",step="attempt"\} 1$/m],
  ['gpu-worker', /^styleflow_clips_scored_total 1$/m],
  ['gpu-worker', /^styleflow_clip_batch_size_count 1$/m],
  ['gpu-worker', /^styleflow_clip_wait_seconds_count 1$/m],
  ['gpu-worker', /^styleflow_inference_seconds_count\{provider="cpu"\} 1$/m],
  ['gpu-worker', /^styleflow_worker_busy_ratio 0$/m],
  ['gpu-worker', /^styleflow_stalled_total 0$/m],
];

describe('after one job', () => {
  it.each(SHOWN)('the %s shows %s', (process, sample) => {
    expect(pages[process]).toMatch(sample);
  });

  it('every process shows the figures of its own process', () => {
    for (const page of Object.values(pages)) {
      expect(page).toMatch(/^process_cpu_seconds_total /m);
      expect(page).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    }
  });

  it('nobody claims a card that is not there', () => {
    for (const page of Object.values(pages)) expect(page).not.toMatch(/^styleflow_gpu_\w+(\{| )/m);
  });

  it('no label holds the id of a job', () => {
    for (const page of Object.values(pages)) expect(page).not.toContain('job_');
  });
});

/** Metrics that only a worker with a card shows. */
const OF_A_GPU = ['styleflow_gpu_memory_bytes', 'styleflow_gpu_memory_total_bytes', 'styleflow_gpu_utilization_ratio'];
/** Metrics without a series until an attempt fails because of its surroundings, or an object is found damaged. */
const OF_FAULTS = ['styleflow_retries_total', 'styleflow_waits_total', 'styleflow_objects_damaged_total'];

/**
 * Drops selectors of what a healthy system does not show: failures by code, and calls that were answered with our own
 * faults.
 */
function withoutFaults({ matchers, ...selector }: Selector): Selector {
  const isFault = ({ label, value }: Selector['matchers'][number]): boolean =>
    label === 'code' ? value.split('|').every((code) => ERROR_CODES.some((known) => known === code)) : value === '5..';
  return { ...selector, matchers: matchers.filter((matcher) => !isFault(matcher)) };
}

describe('after a job that failed, too', () => {
  it('every query of dashboards, alert rules and run-books finds what it asks for', async () => {
    const text = join(system.folder, 'text.mp4');
    await writeFile(text, 'plain text\n'.repeat(100));
    await system.client.wait((await system.client.submitFile(text)).id);
    await scrapeAfter(2);
    const series: Series[] = Object.entries(pages).flatMap(([process, page]) =>
      readSeries(page, { installation: INSTALLATION, job: `styleflow-${process}`, instance: process }),
    );
    const selectors = await readOperatorsSelectors();
    expect(selectors.length).toBeGreaterThan(60);
    const finding = selectors.filter(([, selector]) => pick(withoutFaults(selector), series).length === 0);
    const missing = finding.filter(([, { name }]) => ![...OF_A_GPU, ...OF_FAULTS].includes(name));
    expect(missing.map(([where, selector]) => `${where}: ${selector.text}`)).toEqual([]);
  });
});
