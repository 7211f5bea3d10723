import { setTimeout as pause } from 'node:timers/promises';
import { currentSpan, runInSpan } from './current-span.js';
import type { Logger } from './logger.js';
import type { OtlpTracer } from './otlp-tracer.js';
import { NO_SPAN, type Span, type SpanOptions } from './span.js';
import { type TracingSettings, tracesUrl } from './tracing-settings.js';

/**
 * Traces of this process, as OpenTelemetry spans.
 *
 * Promises: until `startTracing` found an endpoint nothing is loaded and every call is as good as free; work never waits
 * for an export and never fails by one. Leaves out: keeping spans through a crash or a long absence of the collector.
 */

/** What the last spans may take at a shutdown. */
const FLUSH_MS = 2_000;

let tracer: OtlpTracer | undefined;

/** Call it once, before the work begins. `service` names the process unless OTEL_SERVICE_NAME does. */
export async function startTracing(settings: TracingSettings, service: string, logger: Logger): Promise<void> {
  const url = tracesUrl(settings);
  if (url === undefined) return;
  const { openOtlpTracer } = await import('./otlp-tracer.js');
  tracer = openOtlpTracer({
    url,
    settings,
    service,
    tell: (reason) => logger.warn({ reason }, 'spans could not be exported'),
  });
  logger.info({ sampler: settings.OTEL_TRACES_SAMPLER }, 'tracing');
}

/** Exports what has ended, for two seconds at most. Never rejects; nothing is traced from here on. */
export async function stopTracing(): Promise<void> {
  const closing = tracer?.close();
  tracer = undefined;
  if (closing === undefined) return;
  // What cannot be exported has been told.
  await Promise.race([closing.catch(() => undefined), pause(FLUSH_MS, undefined, { ref: false })]);
}

/** A span that the caller ends. For work that does not fit into one function; else `withSpan`. */
export function startSpan(name: string, options: SpanOptions = {}): Span {
  return tracer === undefined ? NO_SPAN : tracer.start(name, options, currentSpan());
}

/** Runs `work` inside a new span, which ends with it and is marked failed when it throws. */
export async function withSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const span = startSpan(name, options);
  try {
    return await runInSpan(span, () => work(span));
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}
