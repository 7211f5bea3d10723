import { openAsBlob } from 'node:fs';
import { createServer, type Server } from 'node:net';
import {
  type CollectedSpan,
  listenOnLoopback,
  makeVideo,
  type OtlpCollector,
  startHttpServer,
  startOtlpCollector,
} from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type SystemUnderTest, startSystem } from '../system/system.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
/** In ns. The start of a span is exact to the millisecond, its end is more exact. */
const A_MILLISECOND = 1_000_000n;

/** Submits like a client that traces its own calls. */
async function submit(system: SystemUnderTest, file: string): Promise<string> {
  const form = new FormData();
  form.append('video', await openAsBlob(file), 'video.mp4');
  const response = await fetch(`${system.url}/v1/jobs`, {
    method: 'POST',
    body: form,
    headers: { traceparent: `00-${TRACE}-${CALLER}-01` },
  });
  return z.object({ id: z.string() }).parse(await response.json()).id;
}

describe('with a collector', () => {
  let collector: OtlpCollector;
  let jobs: readonly string[];
  let spans: readonly CollectedSpan[];
  let logs: readonly string[];

  beforeAll(async () => {
    collector = await startOtlpCollector();
    const system = await startSystem({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, STYLEFLOW_MAX_BATCH: '2' });
    const nothing = await startHttpServer((_request, response) => response.writeHead(404).end());
    try {
      const good = await submit(system, await makeVideo({ frames: 80 }));
      const bad = await system.client.submit({ type: 'url', url: `${nothing.url}/video.mp4?key=hunter2` });
      jobs = [good, bad.id];
      await Promise.all([system.client.wait(good), system.client.wait(bad.id)]);
      await Promise.all([fetch(`${system.url}/healthz`), fetch(`${system.url}/metrics`)]);
    } finally {
      await system.stop();
      await nothing.stop();
    }
    logs = system.cpuWorker.lines;
    // The processes sent the rest of their spans when they stopped.
    spans = collector.spans;
  });
  afterAll(() => collector.stop());

  const ofJob = () => spans.filter(({ traceId }) => traceId === TRACE);
  const named = (name: string) => ofJob().filter((span) => span.name === name);
  const only = (name: string): CollectedSpan => {
    const found = named(name);
    expect(found).toHaveLength(1);
    return found[0] as CollectedSpan;
  };

  it('the call goes on from its caller', () => {
    expect(only('POST /v1/jobs')).toMatchObject({
      service: 'styleflow-api',
      parentSpanId: CALLER,
      kind: 2,
      attributes: { 'http.route': '/v1/jobs', 'http.response.status_code': 202, 'styleflow.job': jobs[0] },
    });
  });

  it('prepare and finish go on from the entry that the call added', () => {
    const send = only('send prepare');
    expect(send).toMatchObject({ service: 'styleflow-api', parentSpanId: only('POST /v1/jobs').spanId, kind: 4 });
    for (const stage of ['prepare', 'finish']) {
      expect(only(stage)).toMatchObject({
        service: 'styleflow-cpu-worker',
        parentSpanId: send.spanId,
        kind: 5,
        error: undefined,
        attributes: { 'styleflow.job': jobs[0], 'styleflow.run': 1, 'styleflow.attempt': 1 },
      });
    }
    expect(only('finish').attributes['styleflow.job.status']).toBe('succeeded');
    expect(only('finish').startNs).toBeGreaterThan(only('prepare').endNs - A_MILLISECOND);
  });

  it('the steps of prepare follow one another inside it', () => {
    const steps = ['fetch', 'probe', 'decode'].map(only);
    for (const step of steps) expect(step.parentSpanId).toBe(only('prepare').spanId);
    const [fetched, probed, decoded] = steps as [CollectedSpan, CollectedSpan, CollectedSpan];
    expect(probed.startNs).toBeGreaterThan(fetched.endNs - A_MILLISECOND);
    expect(decoded.startNs).toBeGreaterThan(probed.endNs - A_MILLISECOND);
    expect(decoded.endNs).toBeGreaterThan(decoded.startNs);
    expect(decoded.attributes['styleflow.step.detect_seconds']).toBeGreaterThan(0);
    expect(only('prepare').attributes).toMatchObject({ 'styleflow.frames': 80, 'styleflow.tracks': 1 });
  });

  it('each clip is scored under the entry that prepare added for it', () => {
    const sends = named('send score');
    const scores = named('score');
    expect(scores.length).toBe(only('prepare').attributes['styleflow.clips']);
    expect(scores.length).toBeGreaterThan(1);
    for (const score of scores) {
      const send = sends.find(({ spanId }) => spanId === score.parentSpanId);
      expect(send?.parentSpanId).toBe(only('prepare').spanId);
      expect(send?.attributes['styleflow.clip']).toBe(score.attributes['styleflow.clip']);
      expect(score).toMatchObject({ service: 'styleflow-gpu-worker', events: ['batch started'], error: undefined });
    }
    expect(new Set(scores.map(({ attributes }) => attributes['styleflow.clip'])).size).toBe(scores.length);
  });

  it('each clip is linked with the tensor batch that scored it, and the batch with its clips', () => {
    const batches = spans.filter(({ name }) => name === 'infer');
    for (const score of named('score')) {
      const batch = batches.find(({ spanId }) => spanId === score.links[0]?.spanId);
      expect(batch?.links).toContainEqual({ traceId: TRACE, spanId: score.spanId });
      expect(batch?.traceId).not.toBe(TRACE);
      expect(batch?.attributes).toMatchObject({
        'messaging.batch.message_count': batch?.links.length,
        'styleflow.provider': 'cpu',
      });
    }
    expect(batches.flatMap(({ links }) => links)).toHaveLength(named('score').length);
  });

  it('a stage that fails tells the code, and no span tells an address', () => {
    const failed = spans.find(({ name, attributes }) => name === 'prepare' && attributes['styleflow.job'] === jobs[1]);
    expect(failed).toMatchObject({ error: 'source_unreachable' });
    expect(spans.find(({ name, traceId }) => name === 'fetch' && traceId === failed?.traceId)).toMatchObject({
      parentSpanId: failed?.spanId,
      error: 'source_unreachable',
    });
    const everything = JSON.stringify(spans, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(everything).not.toContain('hunter2');
  });

  it('health and metrics are not traced', () => {
    expect(spans.filter(({ kind }) => kind === 2).map(({ name }) => name)).not.toContainEqual(
      expect.stringMatching(/healthz|metrics/),
    );
  });

  it('log lines of a stage carry the ids of its span', () => {
    const started = logs
      .map((line) => JSON.parse(line))
      .find(({ msg, job }) => msg === 'finish started' && job === jobs[0]);
    expect(started).toMatchObject({ trace_id: TRACE, span_id: only('finish').spanId });
  });
});

describe('with a collector that takes connections and never answers', () => {
  let silent: Server;
  let system: SystemUnderTest;

  beforeAll(async () => {
    silent = createServer();
    const port = await listenOnLoopback(silent);
    system = await startSystem({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      // Far longer than a stop takes on a busy machine. By default an export gives up after ten seconds.
      OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
    });
  });
  afterAll(() => silent.close());

  it('a job ends as it would without, and the processes stop in their time', async () => {
    let stopped: number;
    try {
      const job = await system.client.wait(await submit(system, await makeVideo({ frames: 40 })));
      expect(job.status).toBe('succeeded');
    } finally {
      const before = performance.now();
      await system.stop();
      stopped = performance.now() - before;
    }
    // Nothing runs any more. The stop waits only for the collector, two seconds.
    expect(stopped).toBeLessThan(25_000);
  });
});
