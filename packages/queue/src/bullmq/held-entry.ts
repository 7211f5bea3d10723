import type { JobError } from '@styleflow/contracts';
import type { Job } from 'bullmq';
import { readWaited, type Waited } from './waited.js';

/** An entry that this worker holds. */
export interface HeldEntry {
  readonly job: Job;
  readonly token: string;
  readonly signal: AbortSignal;
  /** What it was waiting for before this attempt; null once that is known to be there again. */
  waited: Waited | null;
  /** Whether the entry is not this worker's any more: from then on its handler's end counts for nothing. */
  readonly isLetGo: boolean;
  /** Lets go of it: aborts the attempt with this reason, if there is one. The processing goes on until `leave`. */
  letGo(reason?: JobError): void;
  /** Ends the processing as far as BullMQ is concerned. */
  leave(): void;
  /** Resolves at `leave`. */
  readonly left: Promise<void>;
}

export function holdEntry(job: Job, token = ''): HeldEntry {
  const abort = new AbortController();
  let isLetGo = false;
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  return {
    job,
    token,
    signal: abort.signal,
    waited: readWaited(job.data),
    get isLetGo() {
      return isLetGo;
    },
    letGo(reason) {
      isLetGo = true;
      if (reason) abort.abort(reason);
    },
    leave: () => leave(),
    left,
  };
}
