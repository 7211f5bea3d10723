import { JobError } from '@styleflow/contracts';

/** Names in messages come from the file: they may be long, and may hold codes that steer a terminal. */
const LONGEST_MESSAGE = 2000;

/** A file of weights is not what it should be: the caller chose the file, so it is the caller's to change. */
export function checkpointError(message: string, cause?: unknown): JobError {
  const whole = message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;
  return new JobError('invalid_request', whole.replace(/\p{Cc}/gu, '?'), { cause });
}

export function printShape(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}
