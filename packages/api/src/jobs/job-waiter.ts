import { isEnded, type JobId } from '@styleflow/contracts';
import type { JobChanges, JobRecord, JobRecords } from '@styleflow/queue';

/** Waits for the ends of jobs, for thousands of callers at once. */
export class JobWaiter {
  readonly #records: JobRecords;
  readonly #changes: JobChanges;
  /**
   * When a job ends, all who wait for it want the same record in the same moment: it is read once. Only those who were
   * woken by the end share, so a read under way was begun after it, and nobody gets a record from before.
   */
  readonly #reading = new Map<JobId, Promise<JobRecord | null>>();

  constructor({ records, changes }: { readonly records: JobRecords; readonly changes: JobChanges }) {
    this.#records = records;
    this.#changes = changes;
  }

  /**
   * The job's record once it has ended, or as it stands after `waitMs` or when the signal fires; null when it is gone.
   * Subscribes first and reads then, so an end between the two is not missed.
   * @throws JobError `rate_limited` when too many wait already and the job has not ended
   */
  async waitForEnd(id: JobId, waitMs: number, signal: AbortSignal): Promise<JobRecord | null> {
    if (waitMs <= 0) return this.#records.read(id);
    const enough = new AbortController();
    const ended = this.#changes.waitForEnd(id, waitMs, AbortSignal.any([signal, enough.signal]));
    // Refused (too many waiters) it is told below, and only to whom would have to wait.
    ended.catch(() => undefined);
    try {
      const record = await this.#records.read(id);
      if (record === null || isEnded(record.status)) return record;
      const isOver = (await ended) !== null;
      return await (isOver ? this.#readTogether(id) : this.#records.read(id));
    } finally {
      enough.abort();
    }
  }

  #readTogether(id: JobId): Promise<JobRecord | null> {
    const begun = this.#reading.get(id);
    if (begun !== undefined) return begun;
    const read = this.#records.read(id).finally(() => this.#reading.delete(id));
    this.#reading.set(id, read);
    return read;
  }
}
