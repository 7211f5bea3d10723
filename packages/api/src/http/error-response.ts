import { ERROR_TABLE, isJobId, type JobError, type Problem, toJobError } from '@styleflow/contracts';
import { currentSpan, type Logger } from '@styleflow/runtime';
import type { ErrorRequestHandler, Response } from 'express';
import { invalidRequest } from './parse-request.js';

/** Seconds after which callers should repeat a call that an outage or a full queue refused. */
const RETRY_AFTER_S = 5;
/**
 * The rest of a refused body is read and dropped for this long, so that the sender sees the answer and not a broken
 * line.
 */
const DRAIN_MS = 10_000;

/** The RFC 9457 body of an error. `status` replaces the table's where a call defines its own (`POST /predict`). */
export function problemOf(error: JobError, instance: string, status = httpStatusOf(error)): Problem {
  const { errors, job } = error.details ?? {};
  return {
    type: `urn:styleflow:error:${error.code}`,
    title: ERROR_TABLE[error.code].title,
    status,
    // Internal reasons go to the log only, because they may contain addresses of the system.
    detail:
      error.code === 'internal' ? 'Something went wrong inside; the log of the API has the cause.' : error.message,
    code: error.code,
    instance,
    ...(typeof job === 'string' && isJobId(job) ? { job } : {}),
    ...(Array.isArray(errors) && errors.length > 0 ? { errors } : {}),
  };
}

/** The HTTP status of an error. Codes of jobs have none; when a call throws one, the system has failed. */
function httpStatusOf(error: JobError): number {
  return ERROR_TABLE[error.code].httpStatus ?? 500;
}

function retryAfterOf({ details }: JobError): number {
  const seconds = details?.retryAfterSeconds;
  return typeof seconds === 'number' ? seconds : RETRY_AFTER_S;
}

export function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** The last handler. It answers whatever a route throws as problem+json with a code of the closed list. */
export function errorResponse(logger: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    if (response.destroyed) return;
    const error = asJobError(thrown);
    if (httpStatusOf(error) >= 500) {
      logger.error({ err: thrown, method: request.method, path: request.path }, error.code);
      currentSpan().fail(error);
    } else {
      // The caller is at fault, so the span itself did not fail.
      currentSpan().set({ 'error.type': error.code });
    }
    if (response.headersSent) {
      // A part of the answer has been sent. Only a broken connection tells the reader that the rest is missing.
      response.destroy();
      return;
    }
    if (!request.complete) drain(request);
    const allow = error.details?.allow;
    if (typeof allow === 'string') response.set('Allow', allow);
    if (error.retryable && httpStatusOf(error) !== 500) response.set('Retry-After', String(retryAfterOf(error)));
    response.removeHeader('ETag');
    const problem = problemOf(error, request.path);
    // Of a submission: where the job is, if it was made.
    if (problem.job !== undefined) response.location(`/v1/jobs/${problem.job}`);
    sendProblem(response, problem);
  };
}

/**
 * Turns errors into JobErrors. Those of express and its router (a malformed escape in the path) carry a status instead
 * of a code.
 */
function asJobError(thrown: unknown): JobError {
  if (thrown instanceof URIError) return invalidRequest('The address holds a malformed escape sequence.');
  return toJobError(thrown);
}

function drain(
  request: NodeJS.ReadableStream & { destroy(): void; once(event: 'close', listener: () => void): unknown },
) {
  const timer = setTimeout(() => request.destroy(), DRAIN_MS);
  request.once('close', () => clearTimeout(timer));
  request.resume();
}
