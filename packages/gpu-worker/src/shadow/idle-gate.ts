import type { Announcements, JobQueue } from '@styleflow/queue';
import { bundlesBeside, type OwnDevice } from './bundles-beside.js';

/** How often is looked who else computes here. */
const LOOK_AROUND_MS = 15_000;
/** Of a worker that has served a client's clip within this time the next one is expected soon. */
const QUIET_MS = 60_000;

interface Options {
  readonly queue: Pick<JobQueue, 'scoreLoad'>;
  readonly announcements: Pick<Announcements, 'workers'>;
  readonly own: OwnDevice;
  /** Clips of clients that this worker holds. */
  readonly busy: () => number;
  readonly maxBatch: number;
  readonly nowMs?: () => number;
}

/** Lets shadows work only where no client waits. */
export interface IdleGate {
  /**
   * Whether no client's clip is with this worker, waits in its queue, or waits or is scored for another bundle on the same device.
   * @throws JobError `queue_unavailable`
   */
  isIdle(): Promise<boolean>;
  /** How many clips a shadow may score together: one where a client's may come at any moment, as it then waits for no more than that. */
  atOnce(): number;
  /** A client's clip has come. */
  noteServed(): void;
}

export function idleGate({
  queue,
  announcements,
  own,
  busy,
  maxBatch,
  nowMs = () => performance.now(),
}: Options): IdleGate {
  let beside: readonly string[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let servedAt = Number.NEGATIVE_INFINITY;

  async function lookAround(): Promise<void> {
    if (nowMs() - lookedAt < LOOK_AROUND_MS) return;
    beside = bundlesBeside(await announcements.workers(), own);
    lookedAt = nowMs();
  }

  return {
    async isIdle() {
      if (busy() > 0) return false;
      await lookAround();
      if ((await queue.scoreLoad(own.bundle)).waiting > 0) return false;
      for (const bundle of beside) {
        const { waiting, held } = await queue.scoreLoad(bundle);
        if (waiting + held > 0) return false;
      }
      return busy() === 0;
    },
    atOnce: () => (beside.length > 0 || nowMs() - servedAt < QUIET_MS ? 1 : maxBatch),
    noteServed() {
      servedAt = nowMs();
    },
  };
}
