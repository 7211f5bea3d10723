import type {
  Announcements,
  Arrivals,
  BatchChanges,
  BatchRecords,
  CallCounts,
  CustodyLogs,
  JobChanges,
  JobLists,
  JobQueue,
  JobRecords,
  LostBatches,
  LostJobs,
  QueueInspector,
  RedisHealth,
  ReportQueue,
  SecretVault,
  ShadowRuns,
  SharedClock,
  SingleJobs,
  SubmissionClaims,
  WebhookDeliveries,
} from '@styleflow/queue';
import type { Logger, ProcessHealth } from '@styleflow/runtime';
import type { ObjectStore } from '@styleflow/storage';
import type { ApiSettings } from './api-settings.js';

/** Everything outside of the API that it works with. `main` passes it in. */
export interface ApiPorts {
  readonly records: JobRecords;
  readonly lists: JobLists;
  readonly batches: BatchRecords;
  readonly shadows: Pick<ShadowRuns, 'state'>;
  readonly singles: Pick<SingleJobs, 'waiting'>;
  readonly batchChanges: BatchChanges;
  readonly claims: SubmissionClaims;
  readonly arrivals: Arrivals;
  readonly lostJobs: LostJobs;
  readonly lostBatches: LostBatches;
  readonly announcements: Announcements;
  readonly redisHealth: RedisHealth;
  readonly clock: SharedClock;
  readonly callCounts: CallCounts;
  readonly custodyLogs: CustodyLogs;
  readonly vault: SecretVault;
  readonly deliveries: WebhookDeliveries;
  readonly queue: JobQueue;
  readonly inspector: QueueInspector;
  readonly reports: Pick<ReportQueue, 'ask'>;
  readonly changes: JobChanges;
  readonly store: ObjectStore;
  /** Checks by name: `redis`, `store`, `descriptors`. */
  readonly health: ProcessHealth;
  readonly settings: ApiSettings;
  readonly logger: Logger;
  /** Fires when the process stops: long polls answer with what they know, and event streams end. */
  readonly stopping: AbortSignal;
}
