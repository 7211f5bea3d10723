import type { SigningKeys } from '@styleflow/evidence';
import type { ApiKey } from '../auth/api-keys.js';
import type { LimitSettings } from '../auth/key-limits.js';

/** The settings that the routes need; `env.ts` reads them from the environment. */
export interface ApiSettings extends LimitSettings {
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
  /** Bytes a second below which an upload is given up after its grace; 0: none. */
  readonly minUploadRate: number;
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
  /** What signs results; null: they stay unsigned. */
  readonly signingKeys: SigningKeys | null;
  /** The server that attests when a signature was there (RFC 3161); null: the time is as claimed by the signer. */
  readonly timeStampUrl: string | null;
  /** The bundle id of jobs that name none; absent: the bundle served most recently. */
  readonly defaultBundle: string | undefined;
  /** Ids of bundles that score what others serve and that no client sees. */
  readonly shadowBundles: readonly string[];
}
