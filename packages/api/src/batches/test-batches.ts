import { createHash } from 'node:crypto';
import { writePart } from '@styleflow/batches';
import { type BatchId, itemJobId } from '@styleflow/contracts';
import { afterAll, beforeAll } from 'vitest';
import { type Answer, call } from '../test-calls.js';
import { URL_SOURCE } from '../test-jobs.js';
import { BUNDLE, startTestServer, type TestServer } from '../test-server.js';

const key = (name: string) => ({
  name,
  role: 'user' as const,
  sha256: createHash('sha256').update(`${name}-key`).digest(),
});
export const ANNA = { Authorization: 'Bearer anna-key' };
export const BERT = { Authorization: 'Bearer bert-key' };
export const CSV = { 'Content-Type': 'text/csv', ...ANNA };
export const MANIFEST = 'source,id\nhttps://example.org/a.mp4,a\nhttps://example.org/b.mp4,=b\n';

/** A server of two keys, and what the tests of batches ask of it. */
export interface BatchFixture {
  readonly server: TestServer;
  at(path: string): string;
  post(body: string, headers?: Record<string, string>, query?: string): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** A batch as a worker has accepted it, with so many items, of which `ended` have ended; every tenth has failed. */
  runningBatch(items: number, ended: number): Promise<BatchId>;
  endItem(batch: BatchId, item: number): Promise<void>;
}

/** Call it in a test file: `ready` is told the fixture before the first test. */
export function useBatches(ready: (fixture: BatchFixture) => void): void {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ keys: [key('anna'), key('bert')] });
    ready(fixtureOf(server));
  });
  afterAll(() => server.stop());
}

function fixtureOf(server: TestServer): BatchFixture {
  const at = (path: string): string => `${server.url}/v1/batches${path}`;
  const post = (body: string, headers: Record<string, string> = CSV, query = '') =>
    call(at(query), { method: 'POST', headers, body });
  const get = (path: string, headers: Record<string, string> = ANNA) => call(at(path), { headers });

  async function runningBatch(items: number, ended: number): Promise<BatchId> {
    const { body } = await post(MANIFEST);
    const id: BatchId = body.id;
    const all = Array.from({ length: items }, (_, index) => ({
      ...{ index, line: index + 2, id: index === 1 ? '=b' : `item ${index}`, source: URL_SOURCE, options: {} },
      ...{ labels: { truth_label: 'fake' }, metadata: { shelf: index } },
    }));
    for (let part = 0; part * 1_000 < items; part += 1) {
      await writePart(server.store, id, 'items', part, all.slice(part * 1_000, (part + 1) * 1_000));
    }
    await server.batches.accept(id, items);
    for (let index = 0; index < ended; index += 1) await endItem(id, index);
    return id;
  }
  async function endItem(batch: BatchId, item: number): Promise<void> {
    const id = itemJobId(batch, item);
    const options = {
      maxFrames: 110,
      sampling: 'head',
      faces: 'all',
      detection: 'adaptive',
      priority: 5,
      keepCrops: false,
      keepSource: false,
    } as const;
    await server.records.create({
      id,
      owner: 'anna',
      source: URL_SOURCE,
      options,
      bundle: BUNDLE,
      metadata: {},
      batch,
      item,
    });
    await server.records.beginPrepare({ job: id, run: 1 });
    const verdict = { label: 'fake', score: 0.75, threshold: 0.2 } as const;
    const error = { code: 'media_corrupt', message: 'broken' } as const;
    const ending =
      item % 10 === 9
        ? { status: 'failed' as const, error }
        : { status: 'succeeded' as const, verdict, faces: 1, clips: 3 };
    await server.records.end({ job: id, run: 1 }, ending);
  }
  return { server, at, post, get, runningBatch, endItem };
}

/** The rows of an NDJSON answer. */
export const lines = (body: string) =>
  body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
