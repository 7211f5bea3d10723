import { type ErrorCode, JobError, type Surrounding, toJobError } from '@styleflow/contracts';

/** What the two ends of a thread tell each other of an error beside its code: plain JSON that means nothing here. */
export type FaultFacts = Readonly<Record<string, string | number | boolean | null>>;

/** An error as it crosses a thread's border: classes do not survive it. */
export interface ThreadFault<Facts extends FaultFacts = FaultFacts> {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly away?: Surrounding;
  /** Absent unless the thread's end describes its errors. */
  readonly facts?: Facts;
}

/**
 * The error as a fault; what is no JobError becomes `internal`.
 * @param describe the facts that the other end needs of the error.
 */
export function faultOf<Facts extends FaultFacts = FaultFacts>(
  error: unknown,
  describe?: (error: unknown) => Facts,
): ThreadFault<Facts> {
  const { code, message, retryable, away } = toJobError(error);
  return { code, message, retryable, ...(away && { away }), ...(describe && { facts: describe(error) }) };
}

/**
 * The fault as the error that it was.
 * @param cause what the facts say of its cause.
 */
export function errorOf({ code, message, retryable, away }: ThreadFault, cause?: Error): JobError {
  return new JobError(code, message, { retryable, ...(away && { away }), ...(cause && { cause }) });
}
