import type {
  Announcements,
  BatchRecords,
  JobLists,
  JobQueue,
  JobRecords,
  Leases,
  LostBatches,
  LostJobs,
  OwnerWeights,
  SecretVault,
  SingleJobs,
  SubmissionClaims,
} from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';
import type { SourceRules } from '@styleflow/sources';
import type { ObjectStore } from '@styleflow/storage';

/** What the work for batches works with. */
export interface BatchPorts {
  readonly batches: BatchRecords;
  readonly singles: SingleJobs;
  readonly lostBatches: LostBatches;
  readonly lostJobs: LostJobs;
  readonly records: JobRecords;
  readonly lists: JobLists;
  readonly claims: Pick<SubmissionClaims, 'ownsUpload'>;
  readonly announcements: Pick<Announcements, 'bundles' | 'workers'>;
  readonly leases: Leases;
  readonly vault: Pick<SecretVault, 'hasKey' | 'seal' | 'keep' | 'erase'>;
  readonly queue: JobQueue;
  readonly weights: OwnerWeights;
  readonly store: ObjectStore;
  readonly logger: Logger;
  readonly sourceRules: SourceRules;
}
