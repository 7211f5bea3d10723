import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { untrainedBundleDirectory } from '@styleflow/bundles';
import { JobOptionsSchema, JobSchema, mintJobId, type QueueFacts } from '@styleflow/contracts';
import { type LoopbackServer, startHttpServer } from '@styleflow/testing';
import { floats, torchZip } from '@styleflow/testing/models';
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
const QUEUE: QueueFacts = {
  ...{ name: 'prepare', paused: true, waiting: 1200, active: 3, delayed: 0, waitingChildren: 0, failed: 1 },
  ...{ completed: 9, oldestSeconds: 61.7, workers: 2 },
};

/** Commands that answer something here: their arguments. `{…}` is filled in. */
const ANSWERING: Readonly<Record<string, readonly string[]>> = {
  submit: ['https://videos.example.org/a.mp4'],
  status: [JOB.id],
  wait: [JOB.id],
  cancel: [JOB.id],
  retry: [JOB.id],
  results: [JOB.id],
  'queues list': [],
  'queues show': ['prepare'],
  'queues remove': ['prepare', 'entry'],
  'queues pause': ['prepare'],
  'queues resume': ['prepare'],
  'batch submit': ['{manifest}', '--dry-run'],
  'batch list': [],
  'batch status': [BATCH_ID],
  'batch results': [BATCH_ID],
  'batch errors': [BATCH_ID],
  'batch retry': [BATCH_ID],
  'batch cancel': [BATCH_ID],
  'batch delete': [BATCH_ID],
  'models list': [],
  'models verify': [untrainedBundleDirectory()],
  'models inspect': ['{checkpoint}'],
  'keys new': ['me'],
};

/** Commands of which only the help is tried: what else they print, and where that is seen. */
const BY_HELP: Readonly<Record<string, string>> = {
  up: 'prints nothing on stdout',
  api: 'prints nothing on stdout',
  'cpu-worker': 'prints nothing on stdout',
  'gpu-worker': 'prints nothing on stdout',
  analyze: 'starts a system; one write for each video, like `submit`',
  demo: 'starts a system; one write at its end, like `status`',
  doctor: 'asks a Redis and a store; one write at its end, like `status`',
  'batch wait': 'one write at its end, like `batch status`',
  'queues entry': 'one write, like `queues show`',
  'models import': 'one write at its end, like `models verify`',
  'models import-detector': 'one write at its end, like `models verify`',
  'models import-onnx': 'one write at its end, like `models verify`',
};

/** Every command that has no further ones below it, as it is typed. */
const leaves = ({ commands }: Command, path: readonly string[] = []): string[] =>
  commands.flatMap((each) => {
    const own = [...path, each.name()];
    return each.commands.length === 0 ? [own.join(' ')] : leaves(each, own);
  });
const COMMANDS = leaves(styleflowProgram());
const GROUPS = [...new Set(COMMANDS.filter((each) => each.includes(' ')).map((each) => each.split(' ')[0] ?? ''))];

let folder: string;
let jobs: LoopbackServer;
let batches: BatchApi;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'styleflow-pipe-'));
  await writeFile(join(folder, 'manifest.csv'), 'source\nhttps://videos.example.org/a.mp4\n');
  await writeFile(join(folder, 'checkpoint.pth'), torchZip({ weight: floats([1], [1]) }));
  batches = await startBatchApi();
  jobs = await startHttpServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://fake').pathname;
    request.resume();
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    const answer = path.endsWith('/queues')
      ? { queues: [QUEUE] }
      : path.endsWith('/entries')
        ? { entries: [], nextCursor: null }
        : path.includes('/queues/')
          ? QUEUE
          : JOB;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
});
afterAll(async () => {
  await Promise.all([jobs.stop(), batches.stop()]);
  await rm(folder, { recursive: true });
});

function start(args: readonly string[], api = jobs.url) {
  const filled = args.map((arg) => arg.replace(/^\{(\w+)\}$/, (_, name: string) => join(folder, FILES[name] ?? name)));
  const env = { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: folder, STYLEFLOW_API: api };
  return spawn(process.execPath, [MAIN_PATH, ...filled], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}
const FILES: Readonly<Record<string, string>> = { manifest: 'manifest.csv', checkpoint: 'checkpoint.pth' };

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
    expect([...Object.keys(ANSWERING), ...Object.keys(BY_HELP)].sort()).toEqual([...COMMANDS].sort());
  });

  it.each(Object.entries(ANSWERING))('when it answers: styleflow %s', async (command, args) => {
    const words = [...command.split(' '), ...args, '--json'];
    expect(await unread(words, apiOf(command))).toEqual({ complaint: '', code: 0 });
  });

  // Wrong arguments would be a complaint, so that those above have all answered; groups and the others show their help.
  it.each(['', ...GROUPS, ...Object.keys(BY_HELP)])('when it shows the help of styleflow %s', async (command) => {
    const args = [...command.split(' ').filter((word) => word !== ''), '--help'];
    expect(await unread(args)).toEqual({ complaint: '', code: 0 });
  });
});
