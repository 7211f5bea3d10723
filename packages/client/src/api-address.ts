/** The address of the API, and the key of the caller. */
export interface ApiAddress {
  /** `http://host:port`, followed by a path when a proxy serves the API below one. */
  readonly api: string;
  /** Not needed for an API without keys. */
  readonly key?: string | undefined;
  /** How often a call is repeated that the API answers with 429 or 503; 3 unless said otherwise. */
  readonly retries?: number | undefined;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Starts with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** A body that is no JSON; its type is among the headers. A stream is sent once, so that such a call is not repeated. */
  readonly body?: string | Blob | ReadableStream<Uint8Array>;
  readonly signal?: AbortSignal | undefined;
}
