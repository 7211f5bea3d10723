import { AsyncLocalStorage } from 'node:async_hooks';
import { NO_SPAN, type Span } from './span.js';

const around = new AsyncLocalStorage<Span>();

/** The span in which this code runs; where there is none, a span that does nothing. */
export function currentSpan(): Span {
  return around.getStore() ?? NO_SPAN;
}

/** Runs `work`, and whatever it awaits or starts, inside the span. */
export function runInSpan<T>(span: Span, work: () => T): T {
  return span === NO_SPAN ? work() : around.run(span, work);
}

/**
 * `trace_id` and `span_id` of the current span, so that a trace's log lines can be found. A new object at each call.
 */
export function spanIds(): { trace_id?: string; span_id?: string } {
  const traceparent = around.getStore()?.traceparent;
  // A traceparent reads 00-TRACE-SPAN-FLAGS.
  return traceparent === undefined ? {} : { trace_id: traceparent.slice(3, 35), span_id: traceparent.slice(36, 52) };
}
