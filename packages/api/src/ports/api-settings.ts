import type { UploadQuota } from '@styleflow/queue';
import type { ApiKey } from '../auth/api-keys.js';
import type { LimitsByKey } from '../auth/key-limits.js';

/** The settings that the routes need; `env.ts` reads them from the environment. */
export interface ApiSettings {
  /** When empty nobody is authenticated, and every caller is the owner `local`. */
  readonly keys: readonly ApiKey[];
  readonly allowPrivateSources: boolean;
  readonly allowPrivateWebhooks: boolean;
  /** Where the product keeps its own objects: no source, whatever is listed. Null for a folder. */
  readonly ownBucket: string | null;
  /** Jobs may name only these buckets. */
  readonly sourceBuckets: readonly string[];
  readonly maxSourceBytes: number;
  readonly maxQueuedJobs: number;
  /** Multipart bodies received at once by this process. */
  readonly maxUploads: number;
  /** Of them, those of one key. */
  readonly maxUploadsPerKey: number;
  /** Bytes a second below which an upload is given up after its grace; 0: none. */
  readonly minUploadRate: number;
  /** Calls of one key a minute, over all API processes; 0: any number. */
  readonly callsPerMinute: number;
  /** Of them, those of one second; 0: any number. */
  readonly callsPerSecond: number;
  /** Of single keys, in place of `callsPerMinute`, `callsPerSecond`, `maxUploadsPerKey` and `quota` (auth: `limitsOf`). */
  readonly keyLimits: LimitsByKey;
  /** What one key may have; absent: no limit of its own. */
  readonly quota: UploadQuota & { readonly unfinishedJobs?: number | undefined };
  /** A body of which no byte arrives for so long is given up. There is no total limit: slow lines may upload. */
  readonly bodyIdleMs: number;
  /** How long a signed address takes its bytes. */
  readonly uploadExpirySeconds: number;
  /** How long an upload waits to be submitted; renewable. */
  readonly uploadKeptSeconds: number;
  /** Least length of a part but the last. */
  readonly uploadPartBytes: number;
  readonly predictWaitMs: number;
  /** Time between comments that keep an idle event stream open through proxies. */
  readonly heartbeatMs: number;
  /** The bundle id of jobs that name none; absent: the bundle served most recently. */
  readonly defaultBundle: string | undefined;
}
