import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { BatchSchema, type Job, JobOptionsSchema, JobSchema, mintBatchId, mintJobId } from '@styleflow/contracts';
import { type LoopbackServer, startHttpServer, until } from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN_PATH = fileURLToPath(new URL('./test-rescore-main.js', import.meta.url));
const AT = '2026-01-02T03:04:05.678Z';
const BATCH = mintBatchId();
const ALL = { total: 3, queued: 0, preparing: 0, scoring: 0, succeeded: 2, failed: 1, canceled: 0 };
const [CHANGED, SAME, LOST, JUDGED] = [mintJobId(), mintJobId(), mintJobId(), mintJobId()];

const jobOf = (id: string, changes: object = {}): Job =>
  JobSchema.parse({
    ...{ id, status: 'succeeded', stage: null, createdAt: AT, startedAt: AT, finishedAt: AT, attempts: 1, links: {} },
    progress: { percent: 100, framesDecoded: 1, framesTotal: 1, clipsPlanned: 1, clipsScored: 1 },
    ...{ source: { type: 'url', url: 'https://videos.example.org/a.mp4' }, metadata: { file: 'a.mp4' } },
    ...{ options: JobOptionsSchema.parse({ bundle: 'old@1' }), verdict: { label: 'fake', score: 0.9, threshold: 0.2 } },
    ...changes,
  });
const batchOf = (changes: object) =>
  BatchSchema.parse({
    ...{ id: BATCH, status: 'running', cancelRequested: false, round: 1, rowsRead: 3, admitted: 3, counts: ALL },
    ...{ errors: {}, faults: { count: 0, listed: [] }, throughput: { itemsPerHour: null }, eta: null, options: {} },
    ...{ skipInvalid: true, createdAt: AT, startedAt: AT, finishedAt: null, links: {} },
    ...changes,
  });
const rowOf = (index: number, id: string, changes: object) => ({
  ...{ index, id, source: `job:${id}`, status: 'succeeded', verdict_label: 'fake', score: 0.9, threshold: 0.2 },
  ...{ reason: null, error_code: null, faces: 1, clips: 1, truth_label: null, group: null, job: mintJobId() },
  ...changes,
});
const ROWS = [
  rowOf(0, CHANGED, { verdict_label: 'real', score: 0.1 }),
  rowOf(1, SAME, { score: 0.7 }),
  rowOf(2, LOST, { status: 'failed', verdict_label: null, score: null, error_code: 'source_unreachable' }),
];

let api: LoopbackServer;
let calls: string[];
let posted: { body: string; key: unknown }[];
let hasEnded: boolean;
beforeEach(async () => {
  [calls, posted, hasEnded] = [[], [], true];
  api = await startHttpServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://fake');
    calls.push(`${request.method} ${request.url}`);
    const body = await text(request);
    const json = (value: unknown, status = 200): void =>
      void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /v1/models': {
        const facts = { digest: 'd', variant: 'content', trained: true, threshold: 0.2, queue: 'q', workers: 1 };
        return json({ default: null, models: [{ id: 'new@2', ...facts }] });
      }
      case 'GET /v1/jobs': {
        const judged = jobOf(JUDGED, { options: JobOptionsSchema.parse({ bundle: 'new@2' }) });
        return url.searchParams.get('cursor') === null
          ? json({ jobs: [judged, jobOf(LOST), jobOf(SAME)], nextCursor: 'next' })
          : json({ jobs: [jobOf(CHANGED)], nextCursor: null });
      }
      case 'POST /v1/batches':
        posted.push({ body, key: request.headers['idempotency-key'] });
        return json(batchOf({ status: 'validating' }), 202);
      case `GET /v1/batches/${BATCH}/results`:
        return void response.end(ROWS.map((row) => `${JSON.stringify(row)}\n`).join(''));
      case `GET /v1/batches/${BATCH}`:
        return json(batchOf({ status: hasEnded ? 'ended' : 'running', errors: { source_unreachable: 1 } }));
      default:
        return json(jobOf(url.pathname.split('/').at(-1) ?? ''));
    }
  });
});
afterEach(() => api.stop());

function start(...args: string[]) {
  const env = { PATH: process.env.PATH, STYLEFLOW_API: api.url };
  const child = spawn(process.execPath, [MAIN_PATH, 'rescore', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { child, ended: output.then(([stdout, stderr, [exitCode]]) => ({ stdout, stderr, exitCode })) };
}
const rescore = (...args: string[]) => start(...args).ended;

describe('styleflow rescore', () => {
  it('scores the jobs that are meant again as one batch, and shows the verdicts that changed', async () => {
    const where = ['--bundle', 'new@2', '--where', 'verdict=fake maxScore=0.95'];
    const { stdout, stderr, exitCode } = await rescore(...where);
    expect(calls.find((call) => call.startsWith('GET /v1/jobs'))).toMatch(
      /verdict=fake&maxScore=0\.95&status=succeeded/,
    );
    expect(stderr).toContain('3 jobs to score again; without 1 that new@2 has judged already');
    expect(
      posted[0]?.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).source),
    ).toEqual([...[`job:${CHANGED}`, `job:${SAME}`, `job:${LOST}`]]);
    const [, change, counts] = stdout.split('\n');
    expect(change).toBe(`${CHANGED}  fake 0.900  →  real 0.100  ${ROWS[0]?.job}  a.mp4`);
    expect(counts).toBe(
      `1 changed · 1 unchanged · 1 job that cannot be scored again any more · batch ${BATCH} · \`npx styleflow batch errors ${BATCH}\``,
    );
    expect(exitCode).toBe(1);
    await rescore(...where);
    expect(posted[1]).toEqual(posted[0]);
  });

  it('answers programs with the changes alone, also of a batch of an earlier call', async () => {
    const { stdout } = await rescore(BATCH, '--json', '--unchanged');
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ batch: BATCH, counts: { changed: 1, unchanged: 1, lost: 1, failed: 0, canceled: 0, refused: 0 } },
      changes: [
        { job: CHANGED, old_bundle: 'old@1', old_label: 'fake', new_label: 'real' },
        { job: SAME, old_score: 0.9, new_score: 0.7 },
      ],
    });
    expect(posted).toEqual([]);
  });

  it('that is interrupted leaves the batch running and says how to come back', async () => {
    hasEnded = false;
    const { child, ended } = start('--bundle', 'new@2', '--all');
    await until('it follows the batch', () => calls.some((call) => call === `GET /v1/batches/${BATCH}`));
    child.kill('SIGINT');
    const { stderr, stdout, exitCode } = await ended;
    expect(stderr).toContain(`\`npx styleflow rescore ${BATCH}\` shows what changed`);
    expect([stdout, exitCode, calls.some((call) => call.includes('cancel'))]).toEqual(['', 2, false]);
  });

  it.each([
    [['--bundle', 'new@2'], '--where, or --all'],
    [['--all'], '--bundle'],
    [['--bundle', 'new@2', '--where', 'score=1'], 'and not score'],
    [['--bundle', 'never@3', '--all'], 'it knows new@2'],
    [[BATCH, '--all'], 'by its id alone'],
  ])('with %j is refused before anything is asked for', async (args, why) => {
    const { stderr, exitCode } = await rescore(...args);
    expect(stderr).toContain(why);
    expect([exitCode, posted]).toEqual([2, []]);
  });
});
