import { setTimeout as pause } from 'node:timers/promises';
import { ERROR_TABLE, JobError, ProblemSchema } from '@styleflow/contracts';

/** The address of the API, and the key of the caller. */
export interface ApiAddress {
  /** `http://host:port`, followed by a path when a proxy serves the API below one. */
  readonly api: string;
  /** Not needed for an API without keys. */
  readonly key?: string | undefined;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Starts with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes one call. It returns responses with status 2xx and 304.
 * @throws JobError the one that the API answered as a problem; `internal` when the API cannot be reached or answers
 * anything else. An aborted call throws the signal's reason.
 */
export async function callApi({ api, key }: ApiAddress, call: Call): Promise<Response> {
  const headers: Record<string, string> = { ...call.headers };
  if (key !== undefined && key !== '') headers.Authorization = `Bearer ${key}`;
  if (call.json !== undefined) headers['Content-Type'] = 'application/json';
  const response = await reach(api, () =>
    fetch(`${api.replace(/\/+$/, '')}${call.path}`, {
      method: call.method,
      headers,
      ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
      redirect: 'error',
    }),
  );
  if (response.ok || response.status === 304) return response;
  throw await readProblem(response, api);
}

/** Runs a fetch. A failure of the network becomes a sentence that says which address did not answer. */
export async function reach(address: string, send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    // For every failure of the network `fetch` throws a TypeError. Anything else is the caller's abort.
    if (!(error instanceof TypeError)) throw error;
    throw new JobError('internal', `${readOrigin(address)} cannot be reached: ${networkReason(error)}.`, {
      cause: error,
    });
  }
}

/** @throws JobError `invalid_request` for everything but an http(s) address; `localhost:8000` is none. */
function readOrigin(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new JobError('invalid_request', `${address} is no address; it looks like http://127.0.0.1:8000.`);
  }
  return url.origin;
}

function networkReason(error: TypeError): string {
  const { cause } = error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  if (code === 'ECONNREFUSED') return 'nothing listens there (is it running?)';
  if (code === 'ENOTFOUND') return 'its name is unknown';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection broke off';
  return cause instanceof Error ? cause.message : error.message;
}

/** The error that a response without success stands for. */
export async function readProblem(response: Response, address: string): Promise<JobError> {
  const text = await response.text();
  const problem = ProblemSchema.safeParse(parseJson(text));
  if (!problem.success) {
    return new JobError(
      'internal',
      `${address} answered ${response.status} without saying why; is it a StyleFlow API?`,
    );
  }
  const { code, detail, errors, job } = problem.data;
  const retryAfterSeconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return new JobError(code, detail, {
    details: {
      status: response.status,
      ...(errors === undefined ? {} : { errors }),
      // Of a submission: what a repetition with the same key goes on under.
      ...(job === undefined ? {} : { job }),
      ...(Number.isFinite(retryAfterSeconds) ? { retryAfterSeconds } : {}),
    },
    // A code of a newer API is read as `internal`, which is retryable: the status says that the call was refused.
    retryable: ERROR_TABLE[code].retryable && !isRefusal(response.status),
  });
}

/** Whether the same call would be refused again; 429 asks to repeat it later. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Waits. An abort ends the wait, and throws the signal's reason. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await pause(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
