import { ERROR_TABLE, JobError, type JobId, toJobError } from '@styleflow/contracts';

/**
 * The error of a submission, naming the job that there would be, or is: where the system failed, the caller may not know
 * which of the two. What the caller did wrong is left as it is.
 */
export function nameJob(thrown: unknown, job: JobId): JobError {
  const error = toJobError(thrown);
  const isNamed = error.details?.job !== undefined;
  if (isNamed || (ERROR_TABLE[error.code].httpStatus ?? 500) < 500) return error;
  const { code, message, details, retryable, away } = error;
  return new JobError(code, message, {
    cause: error.cause ?? error,
    details: { ...details, job },
    retryable,
    ...(away === undefined ? {} : { away }),
  });
}
