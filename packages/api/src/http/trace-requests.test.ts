import { createLogger, parseEnv, processSettings, startTracing, stopTracing } from '@styleflow/runtime';
import { type CollectedSpan, type OtlpCollector, startOtlpCollector } from '@styleflow/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../test-server.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('the spans of calls', () => {
  let collector: OtlpCollector;
  let server: TestServer;
  let spans: readonly CollectedSpan[];

  beforeAll(async () => {
    collector = await startOtlpCollector();
    const env = parseEnv(processSettings, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await startTracing(env, 'api-test', createLogger('api-test', 'silent'));
    server = await startTestServer();
    const call = async (path: string, traceparent?: string): Promise<number> => {
      const response = await fetch(`${server.url}${path}`, {
        headers: traceparent === undefined ? {} : { traceparent },
      });
      await response.arrayBuffer();
      return response.status;
    };
    expect(await call('/v1/jobs?cursor=', `00-${TRACE}-b7ad6b7169203331-01`)).toBeLessThan(500);
    expect(await call('/v1/jobs/job_00000000000000000000000000', 'nonsense')).toBe(404);
    expect(await call('/nowhere')).toBe(404);
    for (const path of ['/healthz', '/readyz', '/healthcheck', '/metrics']) expect(await call(path)).toBe(200);
    await server.redis.stop();
    expect(await call('/v1/jobs?limit=3')).toBe(503);
    await server.shutDown();
    await stopTracing();
    spans = collector.spans;
  });
  afterAll(async () => {
    await server.stop();
    await collector.stop();
  });

  it('are named by the route that matched, and there are none of health and metrics', () => {
    expect(spans.map(({ name }) => name)).toEqual(['GET /v1/jobs', 'GET /v1/jobs/:id', 'GET', 'GET /v1/jobs']);
    expect(spans.every(({ kind }) => kind === 2)).toBe(true);
  });

  it('go on from a traceparent, and begin anew from a malformed one', () => {
    expect(spans[0]).toMatchObject({ traceId: TRACE, parentSpanId: 'b7ad6b7169203331' });
    expect(spans[1]?.parentSpanId).toBeUndefined();
  });

  it('tell the code of what the caller did wrong, and fail for what the system did', () => {
    expect(spans[1]).toMatchObject({
      error: undefined,
      attributes: { 'http.response.status_code': 404, 'error.type': 'not_found' },
    });
    expect(spans[3]).toMatchObject({
      error: 'queue_unavailable',
      attributes: { 'http.response.status_code': 503, 'error.type': 'queue_unavailable', 'url.path': '/v1/jobs' },
    });
  });
});
