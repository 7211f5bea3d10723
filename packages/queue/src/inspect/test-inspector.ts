import { type BundleFacts, type EntryFacts, type EntryState, JobError, type JobRun } from '@styleflow/contracts';
import { type RedisServer, startRedis } from '@styleflow/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { StageWorker } from '../ports/job-queue.js';
import type { QueueInspector } from '../ports/queue-inspector.js';
import { connectTest } from '../test-connection.js';
import { firstRun, someBundle, someJob, somePrepare, someScore } from '../test-jobs.js';

/** What the tests of the inspector look at, anew for each of them: a job with its flow, and workers that are closed after it. */
export interface InspectorFixture {
  raw: Redis;
  connection: QueueConnection;
  inspector: QueueInspector;
  workers: StageWorker[];
  run: JobRun;
  bundle: BundleFacts;
  scoreQueue: string;
  addClips(count: number, priority?: number): Promise<void>;
  page(queue: string, state: EntryState, limit?: number): Promise<EntryFacts[]>;
  walk(queue: string, state: EntryState, limit: number): Promise<EntryFacts[]>;
  score(fail: (clip: number) => JobError | null, concurrency?: number): void;
}

export const poisoned = (): JobError => new JobError('inference_failed', 'a poisoned clip', { retryable: false });

/** Call it in a `describe`: `fresh` is told the fixture before each test. */
export function useInspector(fresh: (fixture: InspectorFixture) => void): void {
  let server: RedisServer;
  let raw: Redis;
  let fixture: InspectorFixture;
  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
  });
  beforeEach(async () => {
    await raw.flushall();
    fixture = await openFixture(server, raw);
    fresh(fixture);
  });
  afterEach(async () => {
    await Promise.all(fixture.workers.map((worker) => worker.close(0)));
    await fixture.connection.close();
  });
  afterAll(async () => {
    raw.disconnect();
    await server.stop();
  });
}

async function openFixture(server: RedisServer, raw: Redis): Promise<InspectorFixture> {
  const connection = await connectTest(server);
  const { inspector, queue } = connection;
  const workers: StageWorker[] = [];
  const run = firstRun(someJob());
  const bundle = someBundle();
  await queue.addFlow(somePrepare(run, { bundle: { id: bundle.id, digest: bundle.digest } }));
  return {
    ...{ raw, connection, inspector, workers, run, bundle, scoreQueue: `score.${bundle.digest.slice(0, 12)}` },
    async addClips(count, priority = 5) {
      for (let clip = 0; clip < count; clip += 1) {
        await queue.addScore(someScore(run, priority, clip), bundle.digest, priority);
      }
    },
    page: async (name, state, limit = 50) => (await inspector.entries(name, { state, limit })).entries,
    async walk(name, state, limit) {
      const seen: EntryFacts[] = [];
      for (let cursor: string | undefined; ; ) {
        const { entries, nextCursor } = await inspector.entries(name, { state, limit, cursor });
        expect(entries.length).toBeLessThanOrEqual(limit);
        seen.push(...entries);
        if (nextCursor === null) return seen;
        cursor = nextCursor;
      }
    },
    score(fail, concurrency = 1) {
      workers.push(
        queue.workScore(
          async ({ payload }) => {
            const error = fail(payload.clip);
            if (error) throw error;
          },
          { concurrency, bundleDigest: bundle.digest },
        ),
      );
    },
  };
}
