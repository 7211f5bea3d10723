import { type ErrorCode as ContractCode, JobError } from '@styleflow/contracts';
import type { components } from './generated/openapi-types.js';

/** The closed list of codes that the API answers and jobs end with. */
export type ErrorCode = components['schemas']['Problem']['code'];

/** What every call throws. `message` is a sentence for people; `code` is for programs and never renamed. */
export interface StyleFlowError extends Error {
  readonly code: ErrorCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Small facts: `status` of the answer, `errors` by field, `retryAfterSeconds`, the `job` of a submission. */
  readonly details: Readonly<Record<string, unknown>> | undefined;
}

interface StyleFlowErrorClass {
  new (
    code: ErrorCode,
    message: string,
    extras?: { cause?: unknown; details?: Readonly<Record<string, unknown>>; retryable?: boolean },
  ): StyleFlowError;
}

/** For `error instanceof StyleFlowError`. */
export const StyleFlowError: StyleFlowErrorClass = JobError satisfies new (
  code: ContractCode,
  message: string,
) => StyleFlowError;

/** Whether something that was thrown is an error of this client; with `codes`, whether it has one of them. */
export function isStyleFlowError<C extends ErrorCode>(
  thrown: unknown,
  ...codes: readonly C[]
): thrown is StyleFlowError & { readonly code: C } {
  if (!(thrown instanceof JobError)) return false;
  return codes.length === 0 || codes.some((code) => code === thrown.code);
}
