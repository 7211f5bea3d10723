/** What a span says of its work: small facts. Never a URL with a query, a key or a secret. Undefined ones are left out. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

export type SpanKind = 'internal' | 'server' | 'producer' | 'consumer';

export interface SpanOptions {
  /** Default `internal`. */
  readonly kind?: SpanKind;
  /** A W3C `traceparent` to go on from (one that is malformed counts as null); null: a trace of its own. Default: the span around. */
  readonly parent?: string | null;
  /** `traceparent`s of spans that this one has to do with, in whatever trace. */
  readonly links?: readonly string[];
  readonly attributes?: SpanAttributes;
}

/** One piece of work in a trace. After `end` nothing changes it. */
export interface Span {
  /** How others go on from here, as W3C `traceparent`; undefined while nothing is traced. */
  readonly traceparent: string | undefined;
  set(attributes: SpanAttributes): void;
  /** Something that happened at one moment. */
  event(name: string, attributes?: SpanAttributes): void;
  link(traceparent: string | undefined): void;
  rename(name: string): void;
  /** Marks it failed, with the code of a JobError and never the message: messages may hold addresses. */
  fail(error: unknown): void;
  end(): void;
}

/** What stands for a span while nothing is traced. */
export const NO_SPAN: Span = {
  traceparent: undefined,
  set: () => undefined,
  event: () => undefined,
  link: () => undefined,
  rename: () => undefined,
  fail: () => undefined,
  end: () => undefined,
};
