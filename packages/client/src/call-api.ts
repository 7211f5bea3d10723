import { ERROR_TABLE, JobError, ProblemSchema } from '@styleflow/contracts';
import type { ApiAddress, Call } from './api-address.js';
import { sleep } from './sleep.js';

const RETRIES = 3;
/** Where the API does not say how long to wait; doubled with each try. */
const FIRST_DELAY_MS = 500;
/** Nobody waits in silence for longer than this: the call then fails with what the API answered. */
const LONGEST_DELAY_MS = 30_000;

/**
 * Makes one call. One that is refused for now (429, 503) is repeated after its `Retry-After`, and up to half of that more, so
 * that many clients do not come back at once.
 * @returns responses with status 2xx and 304.
 * @throws JobError the one that the API answered as a problem; `internal` when the API cannot be reached or answers
 * anything else. An aborted call throws the signal's reason.
 */
export async function callApi(address: ApiAddress, call: Call): Promise<Response> {
  const isOnce = call.body instanceof ReadableStream;
  const retries = isOnce ? 0 : (address.retries ?? RETRIES);
  for (let tries = 0; ; tries += 1) {
    try {
      return await callOnce(address, call);
    } catch (error) {
      const delayMs = error instanceof JobError ? retryDelayMs(error, tries) : null;
      if (delayMs === null || tries >= retries || delayMs > LONGEST_DELAY_MS) throw error;
      await sleep(delayMs * (1 + Math.random() / 2), call.signal);
    }
  }
}

/** Null for what no waiting helps, and for an API that does not answer at all. */
function retryDelayMs({ details, retryable }: JobError, tries: number): number | null {
  if (!retryable || (details?.status !== 429 && details?.status !== 503)) return null;
  const seconds = details.retryAfterSeconds;
  return typeof seconds === 'number' ? seconds * 1000 : FIRST_DELAY_MS * 2 ** tries;
}

async function callOnce({ api, key }: ApiAddress, call: Call): Promise<Response> {
  const headers: Record<string, string> = { ...call.headers };
  if (key !== undefined && key !== '') headers.Authorization = `Bearer ${key}`;
  if (call.json !== undefined) headers['Content-Type'] = 'application/json';
  const body = call.json === undefined ? call.body : JSON.stringify(call.json);
  const response = await reach(api, () =>
    fetch(`${api.replace(/\/+$/, '')}${call.path}`, {
      method: call.method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
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
    throw unreachable(address, error);
  }
}

/** The error for an address that did not answer; its details name the origin. */
export function unreachable(address: string, error: TypeError): JobError {
  const origin = readOrigin(address);
  return new JobError('internal', `${origin} cannot be reached: ${networkReason(error)}.`, {
    cause: error,
    details: { origin },
  });
}

/** @throws JobError `invalid_request` for everything but an http(s) address; `localhost:8000` is none. */
function readOrigin(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new JobError('invalid_request', `${address} is no address; it looks like http://127.0.0.1:8000.`);
  }
  return url.origin;
}

function networkReason(error: Error): string {
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
      { details: { status: response.status } },
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
