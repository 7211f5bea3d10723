import type { JobError } from '@styleflow/contracts';
import { errorOf, type FaultFacts, type ThreadFault } from '@styleflow/threads';
import { isOutOfMemory, OutOfMemory } from '../session/out-of-memory.js';

/** What a thread that runs a graph tells of an error. */
export interface InferenceFacts extends FaultFacts {
  /** The device had no room for the run. */
  readonly isOutOfMemory: boolean;
}

export type InferenceFault = ThreadFault<InferenceFacts>;

/** The thread's end: what the caller of a run must know of its error beside the code. */
export function describeInferenceError(error: unknown): InferenceFacts {
  return { isOutOfMemory: isOutOfMemory(error) };
}

/** The caller's end: the fault as the error that it was, so that `isOutOfMemory` knows it again. */
export function reviveInferenceError(fault: InferenceFault): JobError {
  return errorOf(fault, fault.facts?.isOutOfMemory ? new OutOfMemory(fault.message) : undefined);
}
