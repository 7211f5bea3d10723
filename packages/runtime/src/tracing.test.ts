import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { listenOnLoopback, type OtlpCollector, startOtlpCollector } from '@styleflow/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentSpan, runInSpan, spanIds } from './current-span.js';
import { createLogger } from './logger.js';
import { parseEnv } from './parse-env.js';
import { startSpan, startTracing, stopTracing, withSpan } from './tracing.js';
import { tracingSettings } from './tracing-settings.js';

const CALLER = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const NOT_SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

const logger = createLogger('tracing-test', 'silent');
let collector: OtlpCollector;

beforeEach(async () => {
  collector = await startOtlpCollector();
});
afterEach(async () => {
  await stopTracing();
  await collector.stop();
});

const start = (env: Record<string, string> = {}): Promise<void> =>
  startTracing(
    parseEnv(tracingSettings, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env }),
    'styleflow-test',
    logger,
  );

/** Exports everything, and answers the spans that the collector has got, by name. */
async function collected() {
  await stopTracing();
  return Object.fromEntries(collector.spans.map((span) => [span.name, span]));
}

describe('tracing', () => {
  it('makes a span the parent of those inside it, also across awaits', async () => {
    await start();
    await withSpan('outer', { attributes: { 'styleflow.run': 2, left: undefined } }, async () => {
      await new Promise(setImmediate);
      await withSpan('inner', {}, async (span) => {
        span.set({ ok: true });
        span.event('half way');
      });
    });
    const { outer, inner } = await collected();
    expect(outer).toMatchObject({
      service: 'styleflow-test',
      parentSpanId: undefined,
      attributes: { 'styleflow.run': 2 },
    });
    expect(Object.keys(outer?.attributes ?? {})).toEqual(['styleflow.run']);
    expect(inner).toMatchObject({
      traceId: outer?.traceId,
      parentSpanId: outer?.spanId,
      attributes: { ok: true },
      events: ['half way'],
    });
  });

  it('goes on from a traceparent of elsewhere', async () => {
    await start();
    await withSpan('job', { kind: 'server', parent: CALLER }, async () => undefined);
    expect((await collected()).job).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      parentSpanId: 'b7ad6b7169203331',
      kind: 2,
    });
  });

  it.each(['', 'nonsense', `${CALLER}-more`, CALLER.replace(/[0-9a-f]{16}-01/, `${'0'.repeat(16)}-01`)])(
    'starts a trace of its own for the traceparent %j',
    async (parent) => {
      await start();
      await withSpan('job', { parent }, async () => undefined);
      const { job } = await collected();
      expect(job?.parentSpanId).toBeUndefined();
      expect(job?.traceId).not.toBe('0af7651916cd43dd8448eb211c80319c');
    },
  );

  it('gives the traceparent by which others go on', async () => {
    await start();
    const traceparent = await withSpan('here', {}, async () => currentSpan().traceparent);
    const { here } = await collected();
    expect(traceparent).toBe(`00-${here?.traceId}-${here?.spanId}-01`);
  });

  it('marks a span failed with the code of a JobError, without its message', async () => {
    await start();
    const error = Object.assign(new Error('https://example.org/?key=secret'), { name: 'JobError', code: 'gone' });
    const thrown = withSpan('failing', {}, () => Promise.reject(error));
    await expect(thrown).rejects.toBe(error);
    await expect(withSpan('broken', {}, () => Promise.reject(new TypeError('x')))).rejects.toThrow('x');
    const { failing, broken } = await collected();
    expect(failing).toMatchObject({ error: 'gone', attributes: { 'error.type': 'gone' } });
    expect(broken?.error).toBe('internal');
    expect(JSON.stringify(failing, (_key, value) => (typeof value === 'bigint' ? 0 : value))).not.toContain('secret');
  });

  it('links spans of different traces, at the start and later', async () => {
    await start();
    const clip = startSpan('clip', { parent: null });
    await withSpan('batch', { parent: null, links: [clip.traceparent ?? ''] }, async (span) =>
      clip.link(span.traceparent),
    );
    clip.end();
    const spans = await collected();
    expect(spans.batch?.links).toEqual([{ traceId: spans.clip?.traceId, spanId: spans.clip?.spanId }]);
    expect(spans.clip?.links).toEqual([{ traceId: spans.batch?.traceId, spanId: spans.batch?.spanId }]);
    expect(spans.batch?.traceId).not.toBe(spans.clip?.traceId);
  });

  it('keeps to the choice of the caller unless told otherwise', async () => {
    await start();
    await withSpan('unwanted', { parent: NOT_SAMPLED }, async () => {
      expect(currentSpan().traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
      await withSpan('inside', {}, async () => undefined);
    });
    await withSpan('wanted', { parent: CALLER }, async () => undefined);
    expect(Object.keys(await collected())).toEqual(['wanted']);
  });

  it('takes the share of traces that the sampler names, and batches exactly with their clips', async () => {
    await start({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' });
    await withSpan('root', { parent: null }, async () => undefined);
    await withSpan('batch of wanted clips', { parent: null, links: [NOT_SAMPLED, CALLER] }, async () => undefined);
    await withSpan('batch of others', { parent: null, links: [NOT_SAMPLED] }, async () => undefined);
    expect(Object.keys(await collected())).toEqual(['batch of wanted clips']);
  });

  it('sends the headers and names the service as the settings say', async () => {
    await start({
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20hunter2,x-tenant=video',
      OTEL_SERVICE_NAME: 'videos',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment.name=test',
    });
    await withSpan('job', {}, async () => undefined);
    expect((await collected()).job?.service).toBe('videos');
    expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer hunter2', 'x-tenant': 'video' });
  });

  it('sends protobuf where that is asked for', async () => {
    await start({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' });
    await withSpan('job', {}, async () => undefined);
    await stopTracing();
    expect(collector.headers[0]?.['content-type']).toBe('application/x-protobuf');
  });

  it('puts the ids of the current span into log lines, and none outside of one', async () => {
    await start();
    const span = startSpan('job', { parent: CALLER });
    expect(runInSpan(span, spanIds)).toEqual({
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: span.traceparent?.split('-')[2],
    });
    expect(spanIds()).toEqual({});
  });

  it.each([
    ['no endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
    ['the SDK disabled', { OTEL_SDK_DISABLED: 'true' }],
    ['no exporter', { OTEL_TRACES_EXPORTER: 'none' }],
  ])('does nothing with %s', async (_case, env) => {
    await start(env);
    const traceparent = await withSpan('job', { parent: CALLER }, async (span) => {
      span.set({ a: 1 });
      return currentSpan().traceparent;
    });
    expect(traceparent).toBeUndefined();
    await stopTracing();
    expect(collector.headers).toEqual([]);
  });

  it.each([
    ['a collector that is not there', undefined],
    ['a collector that never answers', createServer()],
  ])('stops within its time with %s', async (_case, silent) => {
    const port = silent === undefined ? 1 : await listenOnLoopback(silent);
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    await expect(withSpan('job', {}, async () => 'done')).resolves.toBe('done');
    const before = performance.now();
    await stopTracing();
    // Without the limit under test, an export would end only after ten seconds.
    expect(performance.now() - before).toBeLessThan(9_000);
    silent?.close();
  });
});

describe('a process without an endpoint', () => {
  const loaded = async (env: Record<string, string>): Promise<number> => {
    const index = new URL('./index.js', import.meta.url).href;
    const code = `
      import { createRequire } from 'node:module';
      import { createLogger, parseEnv, processSettings, startTracing, withSpan } from ${JSON.stringify(index)};
      await startTracing(parseEnv(processSettings, process.env), 'x', createLogger('x', 'silent'));
      await withSpan('job', {}, async () => undefined);
      const { cache } = createRequire(${JSON.stringify(index)});
      console.log(Object.keys(cache).filter((path) => /@opentelemetry.(sdk-trace|exporter)/.test(path)).length);
      process.exit(0);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], { env });
    return Number(stdout);
  };

  it('does not load the SDK of OpenTelemetry', async () => {
    expect(await loaded({})).toBe(0);
    expect(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })).toBeGreaterThan(10);
  });
});
