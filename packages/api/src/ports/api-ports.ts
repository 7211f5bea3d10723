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
import type { ApiSettings } from './api-settings.js';

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
