import {
  createLogger,
  parseEnv,
  processSettings,
  startSpan,
  startTracing,
  stopTracing,
  withSpan,
} from '@styleflow/runtime';
import { startOtlpCollector } from '@styleflow/testing';
import { expect, it } from 'vitest';
import { inBatchSpan } from './batch-span.js';

it('a tensor batch of clips of several jobs is linked with each, and is part of none of their traces', async () => {
  const collector = await startOtlpCollector();
  const env = parseEnv(processSettings, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await startTracing(env, 'batch-test', createLogger('batch-test', 'silent'));
  const clips = ['first', 'second'].map((name) => ({ span: startSpan(name, { parent: null }) }));
  // The batch starts inside the span of the clip that fills it.
  await withSpan('filling', {}, () => inBatchSpan(clips, 'cuda', async () => undefined));
  for (const { span } of clips) span.end();
  await stopTracing();
  await collector.stop();

  const find = (wanted: string) => collector.spans.find(({ name }) => name === wanted);
  const [infer, first, second] = [find('infer'), find('first'), find('second')];
  expect(new Set([infer, first, second, find('filling')].map((span) => span?.traceId)).size).toBe(4);
  expect(infer).toMatchObject({
    parentSpanId: undefined,
    attributes: { 'messaging.batch.message_count': 2, 'styleflow.provider': 'cuda' },
    links: [first, second].map((clip) => ({ traceId: clip?.traceId, spanId: clip?.spanId })),
  });
  for (const clip of [first, second]) {
    expect(clip).toMatchObject({
      links: [{ traceId: infer?.traceId, spanId: infer?.spanId }],
      attributes: { 'messaging.batch.message_count': 2, 'styleflow.provider': 'cuda' },
      events: ['batch started'],
    });
  }
});
