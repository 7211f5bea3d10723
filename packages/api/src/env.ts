import { readFileSync } from 'node:fs';
import { parseShadowBundles } from '@styleflow/contracts';
import { ALLOWED_KEYS, parseSigningKeys, type SigningKeys } from '@styleflow/evidence';
import { queueSettings, vaultSettings } from '@styleflow/queue';
import {
  apiPlainSettings,
  parsedBy,
  parseProcessEnv,
  processSettings,
  SettingsError,
  unknownSettings,
} from '@styleflow/runtime';
import { storeSettings } from '@styleflow/storage';
import { z } from 'zod';
import { parseApiKeys } from './auth/api-keys.js';
import { parseKeyLimits } from './auth/key-limits.js';
import type { ApiSettings } from './ports/api-settings.js';
import { PART_BYTES } from './uploads/part-plan.js';

const BUNDLE_ID = /^[^/\\]+@[0-9a-f]{12}$/;

const apiSettings = {
  ...apiPlainSettings,
  /** By default loopback without API keys, and every address with them. */
  STYLEFLOW_HOST: z.string().optional(),
  /** The address under which callers reach the API behind a proxy. Signed uploads of the file store contain it. */
  STYLEFLOW_PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'allowed: an http or https address' }).optional(),
  STYLEFLOW_API_KEYS: parsedBy(parseApiKeys),
  /** Limits of single keys in place of those of all. */
  STYLEFLOW_KEY_LIMITS: parsedBy(parseKeyLimits),
  /**
   * An id (`name@digest12`) makes that bundle the default of new jobs. A folder, the form that workers take, is ignored
   * here.
   */
  STYLEFLOW_BUNDLE: z.string().optional(),
  /**
   * What signs results: an Ed25519 key as PKCS#8 PEM, JWK or JWK Set, or the path of a file with one. In a set the first private key
   * signs; the others are published, as retired ones. Without it results are not signed.
   */
  STYLEFLOW_SIGNING_KEY: parsedBy(readSigningKeys),
  /** As the CPU workers have it: neither listed for clients nor the default of new jobs. */
  STYLEFLOW_SHADOW_BUNDLES: parsedBy(parseShadowBundles),
  /** A server for time stamps (RFC 3161) over signatures. */
  STYLEFLOW_TSA_URL: z.url({ protocol: /^https?$/, error: 'allowed: an http or https address' }).optional(),
};

function readSigningKeys(text: string): SigningKeys | null {
  if (text === '') return null;
  if (text.includes('-----BEGIN') || text.trimStart().startsWith('{')) return parseSigningKeys(text);
  let inFile: string;
  try {
    inFile = readFileSync(text, 'utf8');
  } catch {
    // It repeats nothing: a key that was set in a wrong form looks like a path.
    throw new RangeError(`there is no such file that this process may read; ${ALLOWED_KEYS}`);
  }
  return parseSigningKeys(inFile);
}

const shape = { ...processSettings, ...queueSettings, ...vaultSettings, ...storeSettings, ...apiSettings };

/** Time between comments on idle event streams: less than the idle limit of common proxies (60 s). */
const HEARTBEAT_MS = 15_000;

export type ApiEnv = ReturnType<typeof readEnv>;

/** @throws SettingsError naming each wrong setting. */
export function readEnv(env: Readonly<Record<string, string | undefined>> = process.env) {
  const settings = parseProcessEnv(shape, env);
  const keys = settings.STYLEFLOW_API_KEYS;
  const bundle = settings.STYLEFLOW_BUNDLE;
  const api: ApiSettings = {
    keys,
    allowPrivateSources: settings.STYLEFLOW_ALLOW_PRIVATE_SOURCES,
    allowPrivateWebhooks: settings.STYLEFLOW_ALLOW_PRIVATE_WEBHOOKS,
    ownBucket: settings.STYLEFLOW_STORE.kind === 's3' ? settings.STYLEFLOW_STORE.bucket : null,
    sourceBuckets: settings.STYLEFLOW_S3_SOURCE_BUCKETS,
    maxSourceBytes: settings.STYLEFLOW_MAX_SOURCE_BYTES,
    maxQueuedJobs: settings.STYLEFLOW_MAX_QUEUED_JOBS,
    maxUploads: settings.STYLEFLOW_MAX_UPLOADS,
    maxUploadsPerKey:
      settings.STYLEFLOW_MAX_UPLOADS_PER_KEY ||
      (share(settings.STYLEFLOW_MAX_UPLOADS, keys.length) ?? settings.STYLEFLOW_MAX_UPLOADS),
    minUploadRate: settings.STYLEFLOW_MIN_UPLOAD_RATE,
    callsPerMinute: settings.STYLEFLOW_MAX_CALLS_PER_MINUTE,
    callsPerSecond: settings.STYLEFLOW_MAX_CALLS_PER_SECOND,
    keyLimits: settings.STYLEFLOW_KEY_LIMITS,
    quota: {
      unfinishedJobs: settings.STYLEFLOW_MAX_JOBS_PER_KEY || share(settings.STYLEFLOW_MAX_QUEUED_JOBS, keys.length),
      openUploads: settings.STYLEFLOW_MAX_OPEN_UPLOADS_PER_KEY || undefined,
      storedBytes: settings.STYLEFLOW_MAX_STORED_BYTES_PER_KEY || undefined,
    },
    bodyIdleMs: settings.STYLEFLOW_UPLOAD_IDLE_S * 1000,
    uploadExpirySeconds: settings.STYLEFLOW_UPLOAD_EXPIRY_S,
    uploadKeptSeconds: settings.STYLEFLOW_UPLOAD_KEPT_HOURS * 3600,
    uploadPartBytes: PART_BYTES,
    predictWaitMs: settings.STYLEFLOW_PREDICT_WAIT_S * 1000,
    heartbeatMs: HEARTBEAT_MS,
    signingKeys: settings.STYLEFLOW_SIGNING_KEY,
    timeStampUrl: settings.STYLEFLOW_TSA_URL ?? null,
    shadowBundles: settings.STYLEFLOW_SHADOW_BUNDLES,
    defaultBundle: bundle !== undefined && BUNDLE_ID.test(bundle) ? bundle : undefined,
  };
  const stranger = [...api.keyLimits.keys()].find((name) => !keys.some((key) => key.name === name));
  if (stranger !== undefined) {
    throw new SettingsError(`STYLEFLOW_KEY_LIMITS: there is no key ${stranger} in STYLEFLOW_API_KEYS`);
  }
  const host = settings.STYLEFLOW_HOST ?? (keys.length === 0 ? '127.0.0.1' : '0.0.0.0');
  return { settings, api, host };
}

/** What one key may have of a whole: where there are several, none can take all of it from the others. */
function share(whole: number, keys: number): number | undefined {
  return keys > 1 ? Math.ceil(whole / 2) : undefined;
}

/** Sentences about variables that look like settings and are none. */
export const unknownNames = (): string[] => unknownSettings(process.env);
