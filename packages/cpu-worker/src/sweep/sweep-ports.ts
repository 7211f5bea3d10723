import type {
  Announcements,
  Arrivals,
  BatchRecords,
  CustodyLogs,
  DeletionPace,
  EndedJobs,
  JobLists,
  JobQueue,
  JobRecords,
  Leases,
  LostJobs,
  SecondOpinions,
  ShadowRuns,
  SharedClock,
  UploadClaims,
} from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';
import type { ObjectStore } from '@styleflow/storage';

export interface Retention {
  /** Records in Redis, counted from the job's end; then they move to the store. Clients that resume an event stream come before. */
  readonly redisMs: number;
  /** Sources, picture strips and kept clips, counted from the job's end. */
  readonly mediaMs: number;
  /** The job and its result, counted from its end. */
  readonly resultMs: number;
  /** Jobs whose results, and jobs whose media, and uploads that retention deletes within a minute at the most. */
  readonly maxPerMinute: number;
}

/** What every part of the sweep works with. */
export interface SweepPorts {
  readonly records: JobRecords;
  readonly lists: JobLists;
  readonly opinions: SecondOpinions;
  readonly shadows: ShadowRuns;
  readonly announcements: Pick<Announcements, 'workers' | 'bundles'>;
  readonly arrivals: Arrivals;
  readonly endedJobs: EndedJobs;
  readonly custodyLogs: CustodyLogs;
  readonly batches: BatchRecords;
  readonly lostJobs: LostJobs;
  readonly claims: Pick<UploadClaims, 'openAmong'>;
  readonly leases: Leases;
  readonly clock: SharedClock;
  readonly deletionPace: DeletionPace;
  readonly queue: JobQueue;
  readonly store: ObjectStore;
  /** Tells a Redis that forgot which store is its. Rejects when the store is not the one that Redis knows. */
  readonly tellWhichStore: () => Promise<unknown>;
  readonly logger: Logger;
  readonly retention: Retention;
  /** After this a job with several bundles goes on without one that nobody serves, and an API that hears nothing of Redis is given up. */
  readonly outageBudgetMs: number;
}
