/**
 * The closed list of error codes and the one table that says what each means.
 * A code is added here or nowhere; switches over codes are exhaustive.
 */

/** Whose fault an error is. `input`: never retried. `surroundings`: retried with backoff. `caller`: an HTTP call was wrong. */
export type Fault = 'caller' | 'input' | 'surroundings' | 'system';

interface ErrorFacts {
  readonly fault: Fault;
  readonly retryable: boolean;
  /** HTTP status where a call answers with this code; null for codes that only jobs carry. */
  readonly httpStatus: number | null;
  readonly title: string;
}

const caller = (httpStatus: number, title: string): ErrorFacts => ({
  fault: 'caller',
  retryable: false,
  httpStatus,
  title,
});
const input = (title: string): ErrorFacts => ({ fault: 'input', retryable: false, httpStatus: null, title });
const outage = (title: string): ErrorFacts => ({ fault: 'surroundings', retryable: true, httpStatus: 503, title });

export const ERROR_TABLE = {
  invalid_request: caller(400, 'The request is not valid'),
  unauthorized: caller(401, 'A valid API key is needed'),
  forbidden: caller(403, 'This key may not do that'),
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
  queue_full: outage('The queue is full'),
  queue_unavailable: outage('The queue cannot be reached'),
  storage_unavailable: outage('The object store cannot be reached'),
  internal: { fault: 'system', retryable: true, httpStatus: 500, title: 'The system failed' },
  source_unreachable: {
    fault: 'surroundings',
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

export const ERROR_CODES = Object.keys(ERROR_TABLE) as [ErrorCode, ...ErrorCode[]];

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, text);
}

interface JobErrorExtras {
  readonly cause?: unknown;
  /** Small facts for machines (a field path, a limit); never secrets, never signed URLs. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Overrides the table where one case of a code differs (an HTTP 404 source is unreachable for good). */
  readonly retryable?: boolean;
}

/** The one error class of the product. `message` is a sentence for people that says what to do where that is known. */
export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, extras: JobErrorExtras = {}) {
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.code = code;
    this.details = extras.details;
    this.retryable = extras.retryable ?? ERROR_TABLE[code].retryable;
  }
}

/** Any thrown thing as a JobError; what is not one already becomes `internal` with its cause kept. */
export function toJobError(thrown: unknown, fallback: ErrorCode = 'internal'): JobError {
  if (thrown instanceof JobError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new JobError(fallback, message, { cause: thrown });
}

const FAILED_REASON = /^([a-z_]+)(!?): ([\s\S]*)$/;

/** An error as one line of text, for places that keep only text (a queue entry's failed reason). `!` marks "do not retry". */
export function printJobError(error: JobError): string {
  return `${error.code}${error.retryable ? '' : '!'}: ${error.message}`;
}

/** Reads `printJobError` text back; foreign text (BullMQ's own "job stalled …") becomes `internal`. */
export function parseJobError(text: string): JobError {
  const match = FAILED_REASON.exec(text);
  const code = match?.[1];
  if (match && code !== undefined && isErrorCode(code)) {
    return new JobError(code, match[3] ?? '', { retryable: match[2] === '' });
  }
  return new JobError('internal', text);
}
