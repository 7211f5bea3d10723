import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobId, Result, Verdict } from '@styleflow/contracts';
import { type BundleFacts, connectQueue, type JobRecord, type QueueConnection, queueSettings } from '@styleflow/queue';
import { createLogger, parseEnv } from '@styleflow/runtime';
import { clipScoreKey, openObjectStore, reportKey, resultKey, storeSettings, stripKey } from '@styleflow/storage';
import { type RedisServer, startRedis } from '@styleflow/testing';
import type { ApiPorts, ApiSettings } from './api-ports.js';
import { createApp } from './app.js';
import { closeServer, listen } from './http-server.js';

/** The real app on a free port over a real Redis and a file store of its own, for this package's tests. */
export interface TestServer extends Omit<ApiPorts, 'stopping'> {
  readonly url: string;
  readonly port: number;
  readonly redis: RedisServer;
  readonly connection: QueueConnection;
  readonly storeFolder: string;
  /** What a shutdown signal does: lets go, finishes what is under way. */
  shutDown(): Promise<void>;
  /** Ends everything and deletes the files. */
  stop(): Promise<void>;
}

export const BUNDLE: BundleFacts = {
  id: 'small@0123456789ab',
  digest: `0123456789ab${'0'.repeat(52)}`,
  variant: 'style-content',
  precision: 'fp32',
  trained: true,
  threshold: 0.2,
  calibration: { a: 1, b: 0 },
};

const DEFAULTS: ApiSettings = {
  keys: [],
  allowPrivateSources: false,
  sourceBuckets: ['films'],
  maxSourceBytes: 10_000_000,
  maxQueuedJobs: 1000,
  maxUploads: 8,
  bodyIdleMs: 10_000,
  uploadExpirySeconds: 600,
  predictWaitMs: 20_000,
  heartbeatMs: 5_000,
  defaultBundle: undefined,
};

/** `redisUrl`: reach Redis through something else, a link that can be cut. */
export async function startTestServer(
  settings: Partial<ApiSettings> = {},
  { redisUrl, redis = undefined as RedisServer | undefined }: { redisUrl?: string; redis?: RedisServer } = {},
): Promise<TestServer> {
  const server = redis ?? (await startRedis());
  const storeFolder = await mkdtemp(join(tmpdir(), 'styleflow-api-'));
  const logger = createLogger('api-test', 'silent');
  const env = parseEnv(
    { ...queueSettings, ...storeSettings },
    {
      STYLEFLOW_REDIS_URL: redisUrl ?? server.url,
      STYLEFLOW_STORE: `file:${storeFolder}`,
      STYLEFLOW_MAX_QUEUED_JOBS: String(settings.maxQueuedJobs ?? DEFAULTS.maxQueuedJobs),
    },
  );
  const connection = await connectQueue(env, { logger });
  const changes = await connection.openChanges();
  let port = 0;
  const store = await openObjectStore(env, { publicUrl: () => `http://127.0.0.1:${port}` });
  const stopping = new AbortController();
  const { records, queue } = connection;
  const ports = { records, queue, changes, store, settings: { ...DEFAULTS, ...settings }, logger };
  const listening = await listen(createApp({ ...ports, stopping: stopping.signal }), 0, '127.0.0.1');
  port = listening.port;
  await records.rememberBundle(BUNDLE);
  const shutDown = async (): Promise<void> => {
    stopping.abort();
    await closeServer(listening.server, 5_000);
  };
  return {
    ...ports,
    url: `http://127.0.0.1:${port}`,
    port,
    redis: server,
    connection,
    storeFolder,
    shutDown,
    async stop() {
      await shutDown();
      await changes.close();
      await connection.close();
      await store.close();
      if (redis === undefined) await server.stop();
      await rm(storeFolder, { recursive: true, force: true });
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came back
  readonly body: any;
}

/** One call; the body parsed when it is JSON. */
export async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}

export function postJson(url: string, json: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return call(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(json),
  });
}

export const URL_SOURCE = { type: 'url', url: 'https://videos.example.org/a.mp4' } as const;

/** A job of `POST /v1/jobs`; its id. */
export async function submit(
  server: TestServer,
  changes: object = {},
  headers: Record<string, string> = {},
): Promise<JobId> {
  const answer = await postJson(`${server.url}/v1/jobs`, { source: URL_SOURCE, ...changes }, headers);
  if (answer.status !== 202) throw new Error(`refused: ${JSON.stringify(answer.body)}`);
  return answer.body.id;
}

/** The record as the workers see it. */
export async function recordOf({ records }: TestServer, id: JobId): Promise<JobRecord> {
  const record = await records.read(id);
  if (record === null) throw new Error(`no record ${id}`);
  return record;
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const matrix = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => row + column / 100));

export function someResult(record: JobRecord, changes: Partial<Result> = {}): Result {
  const face = `/v1/jobs/${record.id}/faces/0/clips/0`;
  return {
    job: record.id,
    verdict: { label: 'fake', score: 0.75, threshold: 0.2 },
    partial: false,
    faces: [
      {
        track: 0,
        rank: 1,
        score: 0.75,
        frames: [0, 39],
        frameCount: 40,
        framesUnused: 8,
        firstScore: 0.9,
        boxes: [{ frame: 0, seconds: 0, box: [1, 2, 30, 40] }],
        clips: [
          {
            index: 0,
            frames: [0, 31],
            seconds: [0, 1.24],
            padded: false,
            logit: 1.0986,
            score: 0.75,
            picture: `${face}.png`,
            details: `${face}.json`,
          },
        ],
      },
    ],
    video: {
      sha256: 'a'.repeat(64),
      bytes: 1000,
      container: 'mp4',
      codec: 'h264',
      width: 320,
      height: 240,
      rotation: 0,
      fps: 25,
      durationSeconds: 1.6,
      hasAudio: false,
      framesUsed: 40,
      framesDamaged: 0,
    },
    model: {
      bundle: BUNDLE.id,
      digest: BUNDLE.digest,
      variant: 'style-content',
      precision: 'fp32',
      trained: true,
      provider: 'cpu',
      batchSize: 1,
    },
    pipeline: { version: '0.1.0', preprocessing: 'b'.repeat(64) },
    timings: {
      createdAt: record.createdAt,
      startedAt: record.createdAt,
      finishedAt: record.createdAt,
      steps: { decode: 0.5 },
    },
    ...changes,
  };
}

/** What the workers do for a job that succeeds: files first, then the one decision. */
export async function succeed(server: TestServer, id: JobId, changes: Partial<Result> = {}): Promise<Result> {
  const { records, store } = server;
  const record = await records.beginPrepare({ job: id, run: (await recordOf(server, id)).run });
  if (record === null) throw new Error(`${id} is not wanted`);
  const result = someResult(record, changes);
  const score = {
    v: 1,
    logit: 1.0986,
    styleFlow: matrix(31, 18),
    attention: matrix(16, 16),
    batchSize: 1,
    provider: 'cpu',
  };
  await store.put(stripKey(id, record.run, 0, 0), Buffer.from('a picture'), 'image/png');
  await store.put(clipScoreKey(id, record.run, 0, 0), JSON.stringify(score), 'application/json');
  await store.put(reportKey(id), '<!doctype html><title>report</title>', 'text/html');
  await store.put(resultKey(id), JSON.stringify(result), 'application/json');
  const verdict: Verdict = result.verdict;
  await records.end({ job: id, run: record.run }, { status: 'succeeded', verdict });
  return result;
}

export async function fail(server: TestServer, id: JobId, code: 'media_corrupt' | 'inference_failed'): Promise<void> {
  const { run } = await recordOf(server, id);
  await server.records.beginPrepare({ job: id, run });
  await server.records.end({ job: id, run }, { status: 'failed', error: { code, message: `It failed with ${code}.` } });
}
