import { setTimeout as pause } from 'node:timers/promises';
import { JobError, type JobId } from '@styleflow/contracts';
import type { JobRecords, KeyClaim } from '@styleflow/queue';
import { jobPrefix } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';

/** What a submission left that made no job, or of which nobody knows whether it made one. */
export interface LeftOver {
  readonly id: JobId;
  /** Absent: without an idempotency key, or the key is another job's. */
  readonly claim?: KeyClaim | undefined;
  /** A video may lie at the job's own place. */
  readonly isStored: boolean;
  /** The answer to its creation was lost, and nobody can go on under this id. */
  readonly isUnknown?: boolean;
}

/** What is still to be done; steps that are done are struck out. */
type Steps = { -readonly [Name in keyof LeftOver]: LeftOver[Name] };

/** About 300 bytes each. What comes on top of them falls back by itself (keys) or is deleted by the sweep (videos). */
const MAX_WAITING = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Takes back what refused submissions left: at once, or, when Redis or the store is away, in the background as soon as they
 * are back. It ends with the process; the sweep goes on from there.
 */
export class SubmissionUndo {
  readonly #ports: Pick<ApiPorts, 'claims' | 'arrivals' | 'records' | 'store' | 'logger' | 'stopping'>;
  readonly #waiting: Steps[] = [];
  #isWorking = false;

  constructor(ports: Pick<ApiPorts, 'claims' | 'arrivals' | 'records' | 'store' | 'logger' | 'stopping'>) {
    this.#ports = ports;
  }

  /** Submissions whose remains still lie there. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Never rejects: the error that brought us here is the one to answer with. */
  async undo(left: LeftOver): Promise<void> {
    const own = { ...left };
    try {
      await this.#takeBack(own);
    } catch (error) {
      this.later(own);
      this.#ports.logger.warn({ err: error, job: left.id }, 'what a refused submission left is taken back later');
    }
  }

  /** Of who knows that nothing can be reached now. */
  later(left: LeftOver): void {
    if (this.#waiting.length >= MAX_WAITING || this.#ports.stopping.aborted) {
      this.#ports.logger.error({ job: left.id }, 'what a refused submission left is left to the sweep');
      return;
    }
    this.#waiting.push({ ...left });
    if (!this.#isWorking) void this.#work();
  }

  async #work(): Promise<void> {
    const { stopping, logger } = this.#ports;
    this.#isWorking = true;
    let pauseMs = FIRST_PAUSE_MS;
    for (let left = this.#waiting[0]; left !== undefined; left = this.#waiting[0]) {
      try {
        // The first of them waits too: it was refused just now.
        if (pauseMs >= FIRST_PAUSE_MS) await pause(pauseMs, undefined, { signal: stopping, ref: false });
        await this.#takeBack(left);
        this.#waiting.shift();
        pauseMs = 0;
      } catch (error) {
        if (stopping.aborted) break;
        pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pauseMs * 2));
        logger.debug({ err: error, waiting: this.#waiting.length }, 'refused submissions cannot be taken back yet');
      }
    }
    this.#isWorking = false;
    const remaining = this.#waiting.splice(0).map(({ id }) => id);
    if (remaining.length > 0) logger.error({ jobs: remaining }, 'what refused submissions left is left to the sweep');
  }

  /** The key first: while another could go on under this id, what is stored under it may be his. */
  async #takeBack(left: Steps): Promise<void> {
    const { claims, arrivals, records, store } = this.#ports;
    if (left.claim !== undefined) {
      if (!(await claims.releaseIdempotency(left.claim))) return;
      // Free again, the key may soon be another job's, which must not keep what is stored here from being deleted.
      left.claim = undefined;
    }
    if (!left.isStored || (await isJob(records, left.id))) return;
    // It may still be on its way.
    if (left.isUnknown && !(await records.preclude(left.id))) return;
    await store.deletePrefix(jobPrefix(left.id));
    await arrivals.forget(left.id);
  }
}

/** Objects without a record are no job, nor is what was deleted. */
async function isJob(records: JobRecords, id: JobId): Promise<boolean> {
  try {
    return (await records.read(id)) !== null;
  } catch (error) {
    if (error instanceof JobError && (error.code === 'not_found' || error.code === 'gone')) return false;
    throw error;
  }
}
