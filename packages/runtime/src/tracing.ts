import { setTimeout as pause } from 'node:timers/promises';
import { currentSpan, runInSpan } from './current-span.js';
import type { Logger } from './logger.js';
import type { OtlpTracer } from './otlp-tracer.js';
import { NO_SPAN, type Span, type SpanOptions } from './span.js';
import { type TracingSettings, tracesUrl } from './tracing-settings.js';

/**
 * Traces of this process, as OpenTelemetry spans.
 *
 * Promises: until `startTracing` has found an endpoint, nothing is loaded and calls cost next to nothing. Work never
 * waits for an export, and never fails because of one. Leaves out: spans are lost in a crash, and when the collector is
 * away for long.
 */

/** How long a shutdown waits for the last spans to be exported. */
const FLUSH_MS = 2_000;

let tracer: OtlpTracer | undefined;

/**
 * Call it once, before the work begins. `service` is the name of the process, unless OTEL_SERVICE_NAME gives another.
 */
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

/** Ends tracing. It exports the spans that have ended, waits two seconds at most, and never rejects. */
export async function stopTracing(): Promise<void> {
  const closing = tracer?.close();
  tracer = undefined;
  if (closing === undefined) return;
  // A failure to export has already been reported.
  await Promise.race([closing.catch(() => undefined), pause(FLUSH_MS, undefined, { ref: false })]);
}

/** Starts a span that the caller must end. It is for work that is not one function call; `withSpan` is for the rest. */
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
