import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { JobOptionsSchema, JobSchema, mintJobId } from '@styleflow/contracts';
import { type LoopbackServer, startHttpServer } from '@styleflow/testing';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BATCH_ID, type BatchApi, startBatchApi } from './batch/test-batch-api.js';
import { MAIN_PATH } from './main-path.js';
import { styleflowProgram } from './program.js';

const JOB = JobSchema.parse({
  ...{
    id: mintJobId(),
    status: 'canceled',
    stage: 'prepare',
    progress: { percent: 0, framesDecoded: 0, framesTotal: 0, clipsPlanned: 0, clipsScored: 0 },
  },
  ...{ source: { type: 'url', url: 'https://videos.example.org/a.mp4' }, options: JobOptionsSchema.parse({}) },
  ...{ metadata: {}, createdAt: '2026-01-02T03:04:05.678Z', startedAt: null, finishedAt: null, attempts: 0, links: {} },
});

/** Commands that answer here: their arguments. One of each way of writing: a start takes a third of a second. */
const TRIED = {
  status: [JOB.id],
  'queues show': ['prepare'],
  'batch submit': ['{manifest}', '--dry-run'],
  'batch results': [BATCH_ID],
  'batch errors': [BATCH_ID],
  'models list': [],
  'keys new': ['me'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const NOTHING = 'nothing on stdout';
/**
 * All others, each with one that is tried and writes as it does: once at the end, what others send as it comes, or while it watches
 * for an interruption. A new command is tried itself, or has to be compared.
 */
const LIKE: Readonly<Record<string, keyof typeof TRIED | typeof NOTHING>> = {
  ...{ up: NOTHING, api: NOTHING, 'cpu-worker': NOTHING, 'gpu-worker': NOTHING },
  ...{ submit: 'status', cancel: 'status', retry: 'status', results: 'status', doctor: 'status' },
  ...{ analyze: 'batch submit', demo: 'batch submit' },
  ...{ 'queues list': 'queues show', 'queues entry': 'queues show', 'queues remove': 'queues show' },
  ...{ 'queues pause': 'queues show', 'queues resume': 'queues show' },
  ...{ 'batch list': 'status', 'batch status': 'status', 'batch retry': 'status', 'batch cancel': 'status' },
  ...{ 'batch delete': 'status', wait: 'batch submit', 'batch wait': 'batch submit' },
  ...{ 'models verify': 'models list', 'models inspect': 'models list', 'models import': 'models list' },
  ...{ evaluate: 'batch submit', calibrate: 'models list', rescore: 'batch submit' },
  ...{ 'dataset build': 'batch submit', 'dataset show': 'models list', 'dataset forge': 'models list' },
  ...{ 'train style-gru': 'models list', 'train detector': 'models list', 'train fine-tune': 'models list' },
  ...{ verify: 'models list', evidence: 'status', report: 'status', 'keys signing': 'keys new' },
  ...{ 'models import-detector': 'models list', 'models import-onnx': 'models list' },
};

/** Every command that has no further ones below it, as it is typed. */
const leaves = ({ commands }: Command, path: readonly string[] = []): string[] =>
  commands.flatMap((each) => {
    const own = [...path, each.name()];
    return each.commands.length === 0 ? [own.join(' ')] : leaves(each, own);
  });
const COMMANDS = leaves(await styleflowProgram());

let folder: string;
let jobs: LoopbackServer;
let batches: BatchApi;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-pipe-'));
  await writeFile(join(folder, 'manifest.csv'), 'source\nhttps://videos.example.org/a.mp4\n');
  batches = await startBatchApi();
  jobs = await startHttpServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://fake').pathname;
    request.resume();
    const answer = path.endsWith('/entries') ? { entries: [], nextCursor: null } : JOB;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
});
afterAll(async () => {
  await Promise.all([jobs.stop(), batches.stop()]);
  await rm(folder, { recursive: true });
});

function start(args: readonly string[], api = jobs.url) {
  const filled = args.map((arg) => arg.replace('{manifest}', join(folder, 'manifest.csv')));
  const env = { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: folder, STYLEFLOW_API: api };
  return spawn(process.execPath, [MAIN_PATH, ...filled], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs it with nobody who reads; answers what it complained of on stderr, where progress may stand, too, and its exit code. */
async function unread(args: readonly string[], api?: string): Promise<{ complaint: string; code: unknown }> {
  const child = start(args, api);
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { complaint: /error|warning|EPIPE|\n +at /i.test(said) ? said : '', code };
}

const apiOf = (command: string): string => (command.startsWith('batch ') ? batches.url : jobs.url);

describe('a command whose reader has gone ends quietly', () => {
  it('and each that there is has its place here', () => {
    expect([...Object.keys(TRIED), ...Object.keys(LIKE)].sort()).toEqual([...COMMANDS].sort());
  });

  it.each(Object.entries(TRIED))('when it answers: styleflow %s', async (command, args) => {
    const words = [...command.split(' '), ...args, '--json'];
    expect(await unread(words, apiOf(command))).toEqual({ complaint: '', code: 0 });
  });

  it.each(['', 'models'])('when it shows the help of styleflow %s', async (group) => {
    const args = [...group.split(' ').filter((word) => word !== ''), '--help'];
    expect(await unread(args)).toEqual({ complaint: '', code: 0 });
  });
});
