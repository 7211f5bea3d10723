import { JobError } from '@styleflow/contracts';

/** A file of weights is not what it should be: the caller chose the file, so it is the caller's to change. */
export function checkpointError(message: string, cause?: unknown): JobError {
  return new JobError('invalid_request', message, { cause });
}

export function printShape(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}
