import { type Span, withSpan } from '@styleflow/runtime';

/**
 * Runs one tensor batch inside a span. A batch serves clips of many jobs and so belongs to none of their traces. It has
 * a trace of its own, linked with the span of each clip in both directions.
 */
export function inBatchSpan<T>(
  clips: readonly { readonly span: Span }[],
  provider: string,
  run: (span: Span) => Promise<T>,
): Promise<T> {
  const links = clips.flatMap(({ span: { traceparent } }) => (traceparent === undefined ? [] : [traceparent]));
  const attributes = { 'messaging.batch.message_count': clips.length, 'styleflow.provider': provider };
  return withSpan('infer', { parent: null, links, attributes }, (span) => {
    for (const clip of clips) {
      clip.span.link(span.traceparent);
      clip.span.event('batch started');
      clip.span.set(attributes);
    }
    return run(span);
  });
}
