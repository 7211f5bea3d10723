import type { ApiKey } from '../auth/api-keys.js';

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
