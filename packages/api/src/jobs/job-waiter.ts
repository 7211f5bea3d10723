import { isEnded, type JobId } from '@styleflow/contracts';
import type { JobChanges, JobRecord, JobRecords } from '@styleflow/queue';

/** Waits for the ends of jobs, for thousands of callers at once. */
export class JobWaiter {
  readonly #records: JobRecords;
  readonly #changes: JobChanges;
  /**
   * When a job ends, all its waiters need the same record at the same moment, so it is read once. Only waiters that the
   * end woke share the read: it began after the end, so nobody gets an older record.
   */
  readonly #reading = new Map<JobId, Promise<JobRecord | null>>();

  constructor({ records, changes }: { readonly records: JobRecords; readonly changes: JobChanges }) {
    this.#records = records;
    this.#changes = changes;
  }

  /**
   * The job's record once it has ended, or as it stands after `waitMs` or when the signal fires; null when it is gone.
   * It subscribes before it reads, so that an end between the two is not missed.
   * @throws JobError `rate_limited` when too many wait already and the job has not ended
   */
  async waitForEnd(id: JobId, waitMs: number, signal: AbortSignal): Promise<JobRecord | null> {
    if (waitMs <= 0) return this.#records.read(id);
    const enough = new AbortController();
    const ended = this.#changes.waitForEnd(id, waitMs, AbortSignal.any([signal, enough.signal]));
    // Refused when there are too many waiters. The refusal matters only below, where the caller would have to wait.
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
