import { JobError } from '@styleflow/contracts';

/** Messages contain names from the file, which may be long and may hold codes that steer a terminal. */
const LONGEST_MESSAGE = 2000;

/**
 * The error for a file of weights that is not what it should be. It is `invalid_request`, because the caller chose the
 * file and can change it.
 */
export function checkpointError(message: string, cause?: unknown): JobError {
  const whole = message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;
  return new JobError('invalid_request', whole.replace(/\p{Cc}/gu, '?'), { cause });
}

export function printShape(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}
