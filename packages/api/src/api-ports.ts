import type {
  Announcements,
  JobChanges,
  JobLists,
  JobQueue,
  JobRecords,
  QueueInspector,
  RedisHealth,
  SubmissionClaims,
} from '@styleflow/queue';
import type { Logger } from '@styleflow/runtime';
import type { ObjectStore } from '@styleflow/storage';
import type { ApiKey } from './api-keys.js';

/** What the routes need to know; `env.ts` reads it from the environment. */
export interface ApiSettings {
  /** Empty: no authentication, every caller is the owner `local`. */
  readonly keys: readonly ApiKey[];
  readonly allowPrivateSources: boolean;
  /** The only buckets that a job may name. */
  readonly sourceBuckets: readonly string[];
  readonly maxSourceBytes: number;
  readonly maxQueuedJobs: number;
  /** Multipart bodies received at once by this process. */
  readonly maxUploads: number;
  /** A body of which no byte arrives for so long is given up. There is no total limit: slow lines may upload. */
  readonly bodyIdleMs: number;
  readonly uploadExpirySeconds: number;
  readonly predictWaitMs: number;
  /** Between comments that keep an idle event stream open through proxies. */
  readonly heartbeatMs: number;
  /** The id of the bundle of jobs that name none; absent: the bundle served most recently. */
  readonly defaultBundle: string | undefined;
}

/** Everything outside that the API works with, handed in by `main`. */
export interface ApiPorts {
  readonly records: JobRecords;
  readonly lists: JobLists;
  readonly claims: SubmissionClaims;
  readonly announcements: Announcements;
  readonly redisHealth: RedisHealth;
  readonly queue: JobQueue;
  readonly inspector: QueueInspector;
  readonly changes: JobChanges;
  readonly store: ObjectStore;
  readonly settings: ApiSettings;
  readonly logger: Logger;
  /** Fires when the process must let go: long polls answer with what they know, event streams end. */
  readonly stopping: AbortSignal;
}
