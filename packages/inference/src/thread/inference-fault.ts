import type { JobError } from '@styleflow/contracts';
import { errorOf, type FaultFacts, type ThreadFault } from '@styleflow/threads';
import { isOutOfMemory, OutOfMemory } from '../session/out-of-memory.js';

/** Facts of an error that a thread which runs a graph reports beside its code. */
export interface InferenceFacts extends FaultFacts {
  /** Whether the device had no memory for the run. */
  readonly isOutOfMemory: boolean;
}

export type InferenceFault = ThreadFault<InferenceFacts>;

/** Used in the thread: the facts of a run's error that its caller needs. */
export function describeInferenceError(error: unknown): InferenceFacts {
  return { isOutOfMemory: isOutOfMemory(error) };
}

/** Used by the caller: turns the fault into an error again that `isOutOfMemory` recognises. */
export function reviveInferenceError(fault: InferenceFault): JobError {
  return errorOf(fault, fault.facts?.isOutOfMemory ? new OutOfMemory(fault.message) : undefined);
}
