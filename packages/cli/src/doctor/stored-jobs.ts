import { isJobId, type JobId } from '@styleflow/contracts';
import { JOBS_PREFIX, type ObjectStore, parseJobKey } from '@styleflow/storage';

/** What the store has of one job. */
export interface StoredJob {
  readonly job: JobId;
  readonly objects: number;
  readonly newest: Date;
  readonly isAccepted: boolean;
  readonly hasSource: boolean;
  readonly hasResult: boolean;
  /** Runs whose record at their end is there. */
  readonly endedRuns: readonly number[];
}

/** All jobs of which the store has objects, in the order of their ids; one is held at a time. */
export async function* storedJobs(store: Pick<ObjectStore, 'list'>): AsyncGenerator<StoredJob, void> {
  let current: StoredJob | null = null;
  for await (const { key, modifiedAt } of store.list(JOBS_PREFIX)) {
    const { job, run = null, name = '' } = parseJobKey(key) ?? {};
    if (job === undefined || !isJobId(job)) continue;
    if (current !== null && current.job !== job) yield current;
    const before: StoredJob = current?.job === job ? current : emptyOf(job);
    current = {
      job,
      objects: before.objects + 1,
      newest: new Date(Math.max(modifiedAt.getTime(), before.newest.getTime())),
      isAccepted: before.isAccepted || (run === null && name === 'job.json'),
      hasSource: before.hasSource || (run === null && name === 'source'),
      hasResult: before.hasResult || (run === null && name === 'result.json'),
      endedRuns: run !== null && name === 'record.json' ? [...before.endedRuns, run] : before.endedRuns,
    };
  }
  if (current !== null) yield current;
}

const emptyOf = (job: JobId): StoredJob => ({
  job,
  objects: 0,
  newest: new Date(0),
  isAccepted: false,
  hasSource: false,
  hasResult: false,
  endedRuns: [],
});
