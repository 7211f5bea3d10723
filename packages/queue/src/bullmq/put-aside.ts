import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@styleflow/runtime';
import type { Job } from 'bullmq';
import type { Waited } from './waited.js';

const TRY_AGAIN_MS = 1_000;

interface AsideEntry {
  readonly job: Job;
  readonly token: string;
  /** Whether somebody else has the entry by now. */
  readonly isLetGo: boolean;
}

interface Aside {
  readonly delayMs: number;
  /** Kept with the entry; null leaves there what is there. */
  readonly waited: Waited | null;
  /** Another worker may have it at once: only this one is at fault. */
  readonly isForOthers: boolean;
}

/**
 * Gives an entry back without counting an attempt: for later, or for another worker at once. While Redis is away or cannot write,
 * it is tried again; the entry's lock is renewed meanwhile. Returns when the entry is aside, or is not this worker's any more.
 */
export async function putAside(
  entry: AsideEntry,
  { delayMs, waited, isForOthers }: Aside,
  { logger, wake }: { readonly logger: Logger; readonly wake: () => Promise<void> },
): Promise<void> {
  const { job, token } = entry;
  while (!entry.isLetGo) {
    try {
      if (waited !== null) await job.updateData({ ...job.data, waited });
      if (!isForOthers) return await job.moveToDelayed(Date.now() + delayMs, token);
      await job.moveToWait(token);
      return await wake();
    } catch (error) {
      logger.warn({ entry: job.id, err: error }, 'could not put an entry aside');
      // The entry was removed, or its lock lost: BullMQ numbers such refusals.
      if (error instanceof Error && 'code' in error && typeof error.code === 'number') return;
      await pause(TRY_AGAIN_MS, undefined, { ref: false });
    }
  }
}
