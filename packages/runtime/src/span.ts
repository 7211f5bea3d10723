/** Small facts about the work of a span. Never a URL with a query, a key or a secret. Undefined ones are left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export type SpanKind = 'internal' | 'server' | 'producer' | 'consumer';

export interface SpanOptions {
  /** Default `internal`. */
  readonly kind?: SpanKind;
  /** The parent as W3C `traceparent`. Null, or a malformed one, begins a new trace. Default: the current span. */
  readonly parent?: string | null;
  /** `traceparent`s of related spans, in this trace or another. */
  readonly links?: readonly string[];
  readonly attributes?: SpanAttributes;
}

/** One piece of work in a trace. After `end` nothing changes it. */
export interface Span {
  /** This span as W3C `traceparent`, for those who continue the trace; undefined while nothing is traced. */
  readonly traceparent: string | undefined;
  set(attributes: SpanAttributes): void;
  /** Something that happened at one moment. */
  event(name: string, attributes?: SpanAttributes): void;
  link(traceparent: string | undefined): void;
  rename(name: string): void;
  /** Marks the span as failed, with the code of a JobError. The message is left out, since it may hold addresses. */
  fail(error: unknown): void;
  end(): void;
}

/** The span that is used while nothing is traced; it does nothing. */
export const NO_SPAN: Span = {
  traceparent: undefined,
  set: () => undefined,
  event: () => undefined,
  link: () => undefined,
  rename: () => undefined,
  fail: () => undefined,
  end: () => undefined,
};
