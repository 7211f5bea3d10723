import { S3ServiceException } from '@aws-sdk/client-s3';
import { JobError, lackOf } from '@styleflow/contracts';

/** Whether the server says that there is no such object, or no such upload in parts. */
export function isAbsence(error: unknown): boolean {
  if (!(error instanceof S3ServiceException) || error.name === 'NoSuchBucket') return false;
  return error.name === 'NoSuchKey' || error.name === 'NoSuchUpload' || error.$metadata.httpStatusCode === 404;
}

/** What a failed call means to who uses the store. A JobError stays what it is. */
export function s3Outage(address: string, error: unknown): JobError {
  if (error instanceof JobError) return error;
  // The server's own message is left out, since it may hold key ids and signed text.
  const { name = 'unknown', code } = error as { name?: string; code?: string };
  const message = `The object store ${address} could not be used (${code ?? name})`;
  // A process without descriptors is at fault itself, not the store.
  const away = lackOf(error) === 'descriptors' ? 'descriptors' : 'store';
  return new JobError('storage_unavailable', message, { cause: withoutRequest(error), away });
}

/** Removes request and response from an SDK error: they hold signed headers, and would fill logs. */
function withoutRequest(error: unknown): unknown {
  if (!(error instanceof S3ServiceException)) return error;
  const { name, message, stack, $metadata } = error;
  return Object.assign(new Error(message), { name, stack, httpStatus: $metadata.httpStatusCode });
}
