import { metrics } from '@styleflow/runtime';
import { archiveEnded } from './archive-ended.js';
import { compareShadows } from './compare-shadows.js';
import { deleteAbandoned } from './delete-abandoned.js';
import { deleteExpired } from './delete-expired.js';
import { keepAccepted } from './keep-accepted.js';
import { leaveBundlesOut } from './leave-bundles-out.js';
import { letShadowsGo } from './let-shadows-go.js';
import { reviveJobs } from './revive-jobs.js';
import type { SweepPorts } from './sweep-ports.js';
import { deleteBuried, removeEndedEntries } from './tidy-ended.js';

/** Falls back after this when the sweeping process is lost. */
const LEASE_SECONDS = 60;

export interface Sweep {
  /** Resolves when a running round has ended. */
  stop(): Promise<void>;
}

/**
 * What makes good for everything that a lost process left undone, every `everySeconds`, in one process at a time: jobs that
 * nobody works on, queue entries and records of ended jobs, objects of deleted jobs and of those that were never made, and what has
 * been kept long enough.
 * Every part may run twice and beside the stages. One part's failure does not keep the others from running.
 */
export function startSweep(ports: SweepPorts, everySeconds: number): Sweep {
  const abort = new AbortController();
  let round: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    timer = setTimeout(() => {
      round = sweepOnce(ports, abort.signal).finally(() => {
        if (!abort.signal.aborted) next();
      });
    }, everySeconds * 1000);
  };
  next();
  return {
    async stop() {
      abort.abort();
      clearTimeout(timer);
      await round;
    },
  };
}

/** One round; never rejects. */
export async function sweepOnce(ports: SweepPorts, signal?: AbortSignal): Promise<void> {
  const parts = {
    'tell which store': () => ports.tellWhichStore(),
    'keep records': () => keepAccepted(ports, signal),
    'revive jobs': () => reviveJobs(ports, signal),
    'leave bundles out': () => leaveBundlesOut(ports, signal),
    'compare shadows': () => compareShadows(ports, signal),
    'let shadows go': () => letShadowsGo(ports, signal),
    'remove entries': () => removeEndedEntries(ports, signal),
    'forget turns': () => ports.queue.forgetTurns(),
    'archive records': () => archiveEnded(ports, signal),
    'delete buried': () => deleteBuried(ports, signal),
    'delete abandoned': () => deleteAbandoned(ports, signal),
    'delete expired': () => deleteExpired(ports, signal),
  };
  try {
    const isMine = await ports.leases.withLease('sweep', LEASE_SECONDS, async () => {
      for (const [part, run] of Object.entries(parts)) {
        if (signal?.aborted) return;
        await run().catch((error: unknown) => ports.logger.warn({ part, err: error }, 'a part of the sweep failed'));
      }
    });
    // Whoever sweeps tells of it.
    if (!isMine) metrics.forgetClocks();
  } catch (error) {
    ports.logger.warn({ err: error }, 'the sweep did not run');
  }
}
