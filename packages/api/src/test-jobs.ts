import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { JobId, Result, Verdict } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { clipScoreKey, frameKey, reportKey, reportPdfKey, resultKey, stripKey } from '@styleflow/storage';
import { postJson } from './test-calls.js';
import { BUNDLE, type TestServer } from './test-server.js';

/** Jobs and what the workers do to them, for this package's tests. */

export const URL_SOURCE = { type: 'url', url: 'https://videos.example.org/a.mp4' } as const;

/** Submits a job by `POST /v1/jobs` and answers its id. */
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

/** Does what the workers do for a job that succeeds: stores the files, then ends the run. */
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
  await store.put(frameKey(id, record.run, 0), Buffer.from('a frame'), 'image/jpeg');
  await store.put(clipScoreKey(id, record.run, 0, 0), JSON.stringify(score), 'application/json');
  await store.put(reportKey(id), '<!doctype html><title>report</title>', 'text/html');
  await store.put(reportPdfKey(id), '%PDF-', 'application/pdf');
  const text = JSON.stringify(result);
  await store.put(resultKey(id), text, 'application/json');
  const verdict: Verdict = result.verdict;
  await records.end({ job: id, run: record.run }, { status: 'succeeded', verdict, resultSha256: sha256(text) });
  return result;
}

export async function fail(server: TestServer, id: JobId, code: 'media_corrupt' | 'inference_failed'): Promise<void> {
  const { run } = await recordOf(server, id);
  await server.records.beginPrepare({ job: id, run });
  await server.records.end({ job: id, run }, { status: 'failed', error: { code, message: `It failed with ${code}.` } });
}

export async function storedKeys({ store }: TestServer, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

/** How many files the store is writing. */
export async function draftCount({ storeFolder }: TestServer): Promise<number> {
  const names = await readdir(storeFolder, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile() && entry.parentPath.includes('draft')).length;
}
