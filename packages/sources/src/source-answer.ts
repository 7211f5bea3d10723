import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { JobError } from '@styleflow/contracts';
import { type Coding, codingsOf } from './content-coding.js';
import { parseHttpDate, retryAfterMs } from './retry-after.js';
import { nameOf } from './source-url.js';

/** What an answer says of the file that follows. */
export interface AnswerFacts {
  /** Of the body as it comes; null when it is not told. */
  readonly bytes: number | null;
  readonly codings: readonly Coding[];
  /** Names this very file, byte for byte, so that the rest of it can be asked for; null without one. */
  readonly validator: string | null;
}

/** The parts of `Content-Range: bytes 0-9/10`. */
export interface ContentRange {
  readonly first: number;
  readonly last: number;
  /** Length of the whole file; null when it is not told. */
  readonly total: number | null;
}

/** HTTP statuses that come with a whole file: as it is, or as somebody on the way has changed it. */
const WHOLE: readonly number[] = [200, 203];
/** HTTP statuses of client errors that a later try may not meet: time-out, too early, too many requests. */
const PASSING: readonly number[] = [408, 425, 429];
/** HTTP statuses whose `Retry-After` is obeyed: still in the making, too many requests, not now. */
const ASK_TO_WAIT: readonly number[] = [202, 429, 503];
/** A file that was changed so shortly before may have been changed again within the same second. */
const SETTLED_MS = 60_000;

/**
 * Takes an answer for a whole file, or says why it is none.
 * @throws JobError `source_unreachable`, retryable where a later try may find the file; with `away: pause` where the source says when.
 */
export function readAnswer(url: URL, { statusCode = 0, headers, rawHeaders }: IncomingMessage): AnswerFacts {
  const refusal = (sentence: string): JobError =>
    new JobError('source_unreachable', `${nameOf(url)} ${sentence}`, {
      retryable: false,
      details: { status: statusCode },
    });
  if (rawHeaders.some((text) => text.includes('\0'))) throw refusal('answered with NUL characters in its header');
  const bytes = statusCode === 206 ? wholeRange(headers) : contentLength(headers);
  if (statusCode === 206 && bytes === null)
    throw refusal('answered 206 with a part of the file, which nobody asked for');
  if (statusCode !== 206 && !WHOLE.includes(statusCode)) throw statusRefusal(url, statusCode, headers);
  const codings = codingsOf(headers['content-encoding']);
  if ('refused' in codings) throw refusal(`answered with the encoding ${codings.refused}, which is not decoded here`);
  return { bytes, codings, validator: validatorOf(headers) };
}

function statusRefusal(url: URL, status: number, headers: IncomingHttpHeaders): JobError {
  const asked = ASK_TO_WAIT.includes(status) ? retryAfterMs(headers) : undefined;
  const answered = `${nameOf(url)} answered ${status}`;
  const details = { status };
  if (asked !== undefined) {
    const message = `${answered} and asks to come again in ${Math.ceil(asked / 1000)} s`;
    return new JobError('source_unreachable', message, { away: 'pause', retryAfterMs: asked, details });
  }
  const retryable = status >= 500 || PASSING.includes(status);
  return new JobError('source_unreachable', answered, { retryable, details });
}

/** Of a whole file that comes as a range; null when it is a part, or when that cannot be known. */
function wholeRange(headers: IncomingHttpHeaders): number | null {
  const range = parseContentRange(headers['content-range']);
  if (range === null || range.first !== 0 || range.total !== range.last + 1) return null;
  const length = contentLength(headers);
  return length === null || length === range.total ? range.total : null;
}

/** Null for what is no range of bytes. */
export function parseContentRange(header: string | undefined): ContentRange | null {
  const [, first, last, total] = /^bytes[ \t]+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || total === undefined) return null;
  const range = { first: Number(first), last: Number(last), total: total === '*' ? null : Number(total) };
  return range.first <= range.last && (range.total === null || range.last < range.total) ? range : null;
}

/** Where the body comes in chunks, these tell its length. */
function contentLength(headers: IncomingHttpHeaders): number | null {
  const length = headers['content-length'];
  return length === undefined || headers['transfer-encoding'] !== undefined ? null : Number(length);
}

/**
 * For `If-Range`, which compares strongly (RFC 9110, 13.1.5): an ETag that is not weak, else the time of the last change, where it
 * was long enough ago.
 */
export function validatorOf(headers: IncomingHttpHeaders): string | null {
  const { etag, 'last-modified': changed, date } = headers;
  if (headers['accept-ranges']?.trim().toLowerCase() === 'none') return null;
  if (etag !== undefined) return /^"[^"]*"$/.test(etag) ? etag : null;
  if (changed === undefined || date === undefined) return null;
  return parseHttpDate(date) - parseHttpDate(changed) >= SETTLED_MS ? changed : null;
}
