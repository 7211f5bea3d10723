import { lackOf, SURROUNDINGS, type Surrounding } from './surroundings.js';

/**
 * The closed list of error codes and the one table that says what each means.
 * Codes are added only here. Nothing switches over codes: whoever has to decide asks the table, so a new row is all the code that
 * needs it. Older versions read a code that they do not know as `internal` (see `newer-words.ts`).
 */

/**
 * Whose fault an error is, which decides what becomes of the stage that met it.
 * `caller`: an HTTP call was wrong. `input`: the job fails, at once. `source`: the address that the job names does not answer now;
 * tried again, within the attempts. `surroundings`: something that all workers share is away; waited for, without an attempt.
 * `worker`: this one process cannot work; another one gets the entry, without an attempt. `system`: a defect or a bad clip; tried again.
 */
export type Fault = 'caller' | 'input' | 'source' | 'surroundings' | 'worker' | 'system';

interface ErrorFacts {
  readonly fault: Fault;
  readonly retryable: boolean;
  /** What is away whenever this code is thrown. */
  readonly away?: Surrounding;
  /** HTTP status of a call that ends with this code; null for codes that only jobs end with. */
  readonly httpStatus: number | null;
  /** Whether only calls end with this code, never a job. So it is with every code whose fault is the caller's. */
  readonly endsCallsOnly?: true;
  readonly title: string;
}

const caller = (httpStatus: number, title: string): ErrorFacts => ({
  fault: 'caller',
  retryable: false,
  httpStatus,
  title,
});
const input = (title: string): ErrorFacts => ({ fault: 'input', retryable: false, httpStatus: null, title });
const outage = (away: Surrounding, title: string): ErrorFacts => ({
  fault: 'surroundings',
  retryable: true,
  away,
  httpStatus: 503,
  title,
});

export const ERROR_TABLE = {
  invalid_request: caller(400, 'The request is not valid'),
  unauthorized: caller(401, 'A valid API key is needed'),
  forbidden: caller(403, 'This is not allowed'),
  not_found: caller(404, 'There is nothing here'),
  method_not_allowed: caller(405, 'This call does not exist for this address'),
  conflict: caller(409, 'The job is not in a state that allows this'),
  gone: caller(410, 'It was here and has been deleted'),
  payload_too_large: caller(413, 'The body is too large'),
  unsupported_type: caller(415, 'This content type is not accepted'),
  idempotency_conflict: caller(422, 'The idempotency key was used for another request'),
  bundle_unknown: caller(422, 'No such model bundle'),
  upload_expired: caller(410, 'The upload has expired or was never made'),
  rate_limited: { fault: 'caller', retryable: true, httpStatus: 429, title: 'Too many requests' },
  not_available: {
    fault: 'system',
    retryable: false,
    httpStatus: 501,
    endsCallsOnly: true,
    title: 'This system lacks a program for it',
  },
  queue_full: {
    fault: 'system',
    retryable: true,
    httpStatus: 503,
    endsCallsOnly: true,
    title: 'The queue is full',
  },
  queue_unavailable: outage('redis', 'The queue cannot be reached'),
  storage_unavailable: outage('store', 'The object store cannot be reached'),
  internal: { fault: 'system', retryable: true, httpStatus: 500, title: 'The system failed' },
  source_unreachable: {
    fault: 'source',
    retryable: true,
    httpStatus: null,
    title: 'The source could not be fetched',
  },
  source_forbidden: input('The source may not be fetched'),
  source_too_large: input('The source has too many bytes'),
  unsupported_media: input('The file is not a video of a supported kind'),
  media_corrupt: input('The video is damaged'),
  media_no_video: input('The file has no video stream'),
  media_too_long: input('The video is too long'),
  media_too_large: input('The video has too many pixels'),
  decode_timeout: input('Decoding took too long'),
  inference_failed: { fault: 'system', retryable: true, httpStatus: null, title: 'Clips could not be scored' },
  canceled: { fault: 'caller', retryable: false, httpStatus: null, title: 'The job was canceled' },
} as const satisfies Record<string, ErrorFacts>;

export type ErrorCode = keyof typeof ERROR_TABLE;

const factsOf = (code: ErrorCode): ErrorFacts => ERROR_TABLE[code];

export const ERROR_CODES = Object.keys(ERROR_TABLE) as [ErrorCode, ...ErrorCode[]];

const OURS: readonly Fault[] = ['surroundings', 'worker', 'system'];

/** What jobs end with through no fault of their video. Alerts look at these codes. */
export const OUR_FAULTS: readonly ErrorCode[] = ERROR_CODES.filter((code) => {
  const { fault, endsCallsOnly = false } = factsOf(code);
  return OURS.includes(fault) && !endsCallsOnly;
});

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, text);
}

interface JobErrorExtras {
  readonly cause?: unknown;
  /** Small facts for programs, such as a field's path or a limit. Never secrets or signed URLs. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Overrides the table in single cases: a source that answers HTTP 404 is `source_unreachable`, but for good. */
  readonly retryable?: boolean;
  /** What is away, where the code alone does not say it (`internal`: the scratch disk is full). Retryable, then. */
  readonly away?: Surrounding;
  /** How long whoever refused has asked to wait before another try; with `away: 'pause'`. */
  readonly retryAfterMs?: number;
}

/** The one error class of the product. `message` is a sentence for people; where possible it says what to do. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryable: boolean;
  /** What has to be there again before another try makes sense; undefined where nothing is away. */
  readonly away: Surrounding | undefined;
  /** What has to pass before another try, at the word of whoever refused. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, extras: JobErrorExtras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    const facts = factsOf(code);
    this.code = code;
    this.details = extras.details;
    this.away = extras.away ?? facts.away;
    this.retryAfterMs = extras.retryAfterMs;
    this.retryable = extras.retryable ?? (extras.away !== undefined || facts.retryable);
  }

  get fault(): Fault {
    return this.away === undefined ? factsOf(this.code).fault : SURROUNDINGS[this.away].fault;
  }
}

/**
 * Makes a JobError of whatever was thrown. What is not one already gets the code `fallback` and becomes the cause; what the machine
 * lacks, as the system's own error tells it, is what is away.
 */
export function toJobError(thrown: unknown, fallback: ErrorCode = 'internal'): JobError {
  if (thrown instanceof JobError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const away = lackOf(thrown);
  return new JobError(fallback, message, { cause: thrown, ...(away && { away }) });
}

const FAILED_REASON = /^([a-z_]+)(!?): ([\s\S]*)$/;

/**
 * An error as one line of text, for places that keep only text, as the failed reason of a queue entry. `!` means "do
 * not retry".
 */
export function printJobError(error: JobError): string {
  return `${error.code}${error.retryable ? '' : '!'}: ${error.message}`;
}

/**
 * Reads the text of `printJobError`. A code of a newer version becomes `internal`, with its sentence and whether it is retried;
 * any other text, such as BullMQ's own "job stalled …", is the sentence of an `internal`.
 */
export function parseJobError(text: string): JobError {
  const [, code, mark, sentence] = FAILED_REASON.exec(text) ?? [];
  if (code === undefined || sentence === undefined) return new JobError('internal', text);
  return new JobError(isErrorCode(code) ? code : 'internal', sentence, { retryable: mark === '' });
}
