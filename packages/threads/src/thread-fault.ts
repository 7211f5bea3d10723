import type { Surrounding } from '@styleflow/contracts';
import { type ErrorCode, JobError, toJobError } from '@styleflow/contracts/errors';

/**
 * Facts of an error that the two ends of a thread exchange beside its code. They are plain JSON without a meaning to
 * this package.
 */
export type FaultFacts = Readonly<Record<string, string | number | boolean | null>>;

/** An error in the form that crosses a thread's border, which classes do not survive. */
export interface ThreadFault<Facts extends FaultFacts = FaultFacts> {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly away?: Surrounding;
  readonly retryAfterMs?: number;
  /** Only when the thread's end describes its errors. */
  readonly facts?: Facts;
}

/**
 * Turns an error into a fault. One that is no JobError becomes `internal`.
 * @param describe gives the facts of the error that the other end needs.
 */
export function faultOf<Facts extends FaultFacts = FaultFacts>(
  error: unknown,
  describe?: (error: unknown) => Facts,
): ThreadFault<Facts> {
  const { code, message, retryable, away, retryAfterMs } = toJobError(error);
  return {
    ...{ code, message, retryable },
    ...(away && { away }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(describe && { facts: describe(error) }),
  };
}

/**
 * Turns a fault into the error that it was.
 * @param cause the error's cause, made from the facts.
 */
export function errorOf({ code, message, retryable, away, retryAfterMs }: ThreadFault, cause?: Error): JobError {
  return new JobError(code, message, {
    retryable,
    ...(away && { away }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(cause && { cause }),
  });
}
