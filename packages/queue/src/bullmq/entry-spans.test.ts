import {
  type FinishPayload,
  type JobRun,
  mintJobId,
  type PreparePayload,
  type ScorePayload,
} from '@styleflow/contracts';
import { parseEnv, processSettings, startTracing, stopTracing } from '@styleflow/runtime';
import { type OtlpCollector, type RedisServer, startOtlpCollector, startRedis, until } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueConnection } from '../connect-queue.js';
import type { StageWorker } from '../ports/job-queue.js';
import { connectTest, quietLogger } from '../test-connection.js';
import { someBundle, somePrepare, someScore } from '../test-jobs.js';

describe('the trace of a run', () => {
  let server: RedisServer;
  let collector: OtlpCollector;
  let connection: QueueConnection;
  const workers: StageWorker[] = [];
  const run: JobRun = { job: mintJobId(), run: 3 };
  const bundle = someBundle();
  const payloads: (PreparePayload | ScorePayload | FinishPayload)[] = [];

  beforeAll(async () => {
    [server, collector] = await Promise.all([startRedis(), startOtlpCollector()]);
    connection = await connectTest(server);
    const env = parseEnv(processSettings, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await startTracing(env, 'queue-test', quietLogger);
    const { queue } = connection;
    workers.push(
      queue.workPrepare(
        async ({ payload }) => {
          payloads.push(payload);
          await queue.addScore(someScore(run, 0, 7), bundle.digest, 5);
        },
        { concurrency: 1 },
      ),
      queue.workScore(async ({ payload }) => void payloads.push(payload), {
        concurrency: 1,
        bundleDigest: bundle.digest,
      }),
      queue.workFinish(async ({ payload }) => void payloads.push(payload), { concurrency: 1 }),
    );
    // As the sweep does: outside of any span.
    await queue.addFlow(somePrepare(run));
    await until('finish has run', () => payloads[2]);
    await Promise.all(workers.map((worker) => worker.close(30_000)));
    await stopTracing();
  });
  afterAll(async () => {
    await connection.close();
    await Promise.all([server.stop(), collector.stop()]);
  });

  const find = (name: string) => collector.spans.find((span) => span.name === name);

  it('leads from whoever added the flow through both queues', () => {
    const traces = new Set(collector.spans.map(({ traceId }) => traceId));
    expect(traces.size).toBe(1);
    const parents = Object.fromEntries(
      collector.spans.map(({ name, parentSpanId }) => [
        name,
        collector.spans.find(({ spanId }) => spanId === parentSpanId)?.name,
      ]),
    );
    expect(parents).toEqual({
      'send prepare': undefined,
      prepare: 'send prepare',
      'send score': 'prepare',
      score: 'send score',
      finish: 'send prepare',
    });
  });

  it('says which entry of which queue it was', () => {
    expect(find('score')).toMatchObject({
      kind: 5,
      attributes: {
        'messaging.system': 'bullmq',
        'messaging.destination.name': `score.${bundle.digest.slice(0, 12)}`,
        'messaging.operation.type': 'process',
        'messaging.message.id': `${run.job}.3.score.0.7`,
        'styleflow.job': run.job,
        'styleflow.run': 3,
        'styleflow.track': 0,
        'styleflow.clip': 7,
        'styleflow.attempt': 1,
        'styleflow.attempt.was_stalled': false,
      },
    });
    expect(find('score')?.attributes['styleflow.entry.age_seconds']).toBeGreaterThanOrEqual(0);
    expect(find('send score')?.kind).toBe(4);
  });

  it('stands in the payloads of all stages', () => {
    const { traceId } = find('send prepare') ?? {};
    for (const payload of payloads) expect(payload.trace).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  });
});
