import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseShadowBundles } from '@styleflow/contracts';
import { LANGUAGES } from '@styleflow/job-view';
import { queueSettings, vaultSettings } from '@styleflow/queue';
import {
  cpuWorkerPlainSettings,
  givenCores,
  givenMemoryBytes,
  parsedBy,
  parseProcessEnv,
  processSettings,
  refusedSigningKey,
  unknownSettings,
} from '@styleflow/runtime';
import { deniedHosts, type SourceRules } from '@styleflow/sources';
import { storeSettings } from '@styleflow/storage';
import { z } from 'zod';
import type { FetchLimits } from './fetch/fetch-messages.js';
import type { ShadowSettings } from './prepare/hold-for-shadows.js';
import type { PrepareLimits } from './prepare/prepare-messages.js';
import type { WebhookLimits } from './webhooks/deliver-webhook.js';

const deniedSourcesSetting = z
  .string()
  .prefault('')
  .transform((text, context) => {
    const entries = text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    try {
      deniedHosts(entries);
      return entries;
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });

const settings = {
  ...processSettings,
  ...queueSettings,
  ...vaultSettings,
  ...storeSettings,
  ...cpuWorkerPlainSettings,
  STYLEFLOW_SIGNING_KEY: refusedSigningKey,
  /** Folder of an imported face detector; the bundled one without. All CPU workers of a system must have the same. */
  STYLEFLOW_DETECTOR: z
    .string()
    .refine((folder) => existsSync(join(folder, 'detector.json')), {
      error: 'allowed: a folder made by `npx styleflow models import-detector`',
    })
    .optional(),
  /** `required`: no start where a bar of the decoder's cage is missing (packages/media); `best`: as the machine allows. */
  STYLEFLOW_DECODE_CAGE: z.enum(['required', 'best']).prefault('best'),
  /** Where sources lie while they are prepared: up to STYLEFLOW_MAX_SOURCE_BYTES for each video at once. */
  STYLEFLOW_SCRATCH_DIR: z.string().prefault(tmpdir()),
  /** Of the words in reports. */
  STYLEFLOW_REPORT_LANGUAGE: z.enum(LANGUAGES).prefault('en'),
  /** Hosts from which nothing is fetched, whatever else is allowed: names (with all below them), addresses, ranges; by commas. */
  STYLEFLOW_DENIED_SOURCES: deniedSourcesSetting,
  /** Ids of bundles, by commas, that score what others serve and that no client sees. */
  STYLEFLOW_SHADOW_BUNDLES: parsedBy(parseShadowBundles),
};

export type CpuWorkerEnv = z.infer<z.ZodObject<typeof settings>>;

/** @throws SettingsError naming every wrong setting and what is allowed. */
export function readEnv(variables: Readonly<Record<string, string | undefined>> = process.env): CpuWorkerEnv {
  return parseProcessEnv(settings, variables);
}

/** Where this process looks for programs. */
export function programPath(): string {
  return process.env.PATH ?? '';
}

/** What a video may take at the most, 2160p, and a worker without one. */
const LARGE_VIDEO_BYTES = 1.2e9;
const IDLE_WORKER_BYTES = 0.25e9;
const MOST_VIDEOS = 64;

/** Videos prepared at once: one for each core that the process is given, and no more than its memory holds at their largest. */
export function prepareConcurrency(
  { STYLEFLOW_PREPARE_CONCURRENCY: wanted }: Pick<CpuWorkerEnv, 'STYLEFLOW_PREPARE_CONCURRENCY'>,
  machine = { cores: givenCores(), memoryBytes: givenMemoryBytes() },
): number {
  if (wanted > 0) return wanted;
  const fit = Math.floor((machine.memoryBytes - IDLE_WORKER_BYTES) / LARGE_VIDEO_BYTES);
  return Math.max(1, Math.min(machine.cores, fit, MOST_VIDEOS));
}

/** The limits of one job, as the prepare stage takes them. */
export function prepareLimits(env: CpuWorkerEnv): PrepareLimits {
  return {
    media: {
      maxLongSide: env.STYLEFLOW_MAX_LONG_SIDE,
      maxShortSide: env.STYLEFLOW_MAX_SHORT_SIDE,
      maxDurationSeconds: env.STYLEFLOW_MAX_DURATION_S,
      maxFrames: env.STYLEFLOW_MAX_FRAMES,
      maxDecodeSeconds: env.STYLEFLOW_MAX_DECODE_S,
    },
    maxFaces: env.STYLEFLOW_MAX_FACES,
    decodeThreads: env.STYLEFLOW_DECODE_THREADS,
    detectThreads: env.STYLEFLOW_DETECT_THREADS,
  };
}

/** The limits of one source, as the fetching takes them. */
export function fetchLimits(env: CpuWorkerEnv): FetchLimits {
  return {
    maxSourceBytes: env.STYLEFLOW_MAX_SOURCE_BYTES,
    maxFetchSeconds: env.STYLEFLOW_MAX_FETCH_S,
    sourcePorts: env.STYLEFLOW_SOURCE_PORTS,
    minSourceRate: env.STYLEFLOW_MIN_SOURCE_RATE,
    allowPrivateSources: env.STYLEFLOW_ALLOW_PRIVATE_SOURCES,
    deniedSources: env.STYLEFLOW_DENIED_SOURCES,
  };
}

/** What scores beside what is served. */
export function shadowSettings(env: CpuWorkerEnv): ShadowSettings {
  return { bundles: env.STYLEFLOW_SHADOW_BUNDLES, deadlineMs: env.STYLEFLOW_SHADOW_DEADLINE_MINUTES * 60_000 };
}

/** A receiver that takes longer has its work still to do: it should answer first. */
const WEBHOOK_TIMEOUT_MS = 15_000;

/** What a webhook may be: ports and denied hosts are those of sources. */
export function webhookLimits(env: CpuWorkerEnv): WebhookLimits {
  return {
    allowPrivate: env.STYLEFLOW_ALLOW_PRIVATE_WEBHOOKS,
    ports: env.STYLEFLOW_SOURCE_PORTS,
    denied: env.STYLEFLOW_DENIED_SOURCES,
    timeoutMs: WEBHOOK_TIMEOUT_MS,
  };
}

/** What manifests of batches may name. */
export function sourceRules(env: CpuWorkerEnv): SourceRules {
  return {
    allowPrivateSources: env.STYLEFLOW_ALLOW_PRIVATE_SOURCES,
    ownBucket: env.STYLEFLOW_STORE.kind === 's3' ? env.STYLEFLOW_STORE.bucket : null,
    sourceBuckets: env.STYLEFLOW_S3_SOURCE_BUCKETS,
  };
}

/** Sources at once beside one video each that is decoded: cheap, and slow ones must leave room for others. */
const FETCHES_PER_VIDEO = 4;
const FEWEST_FETCHES = 16;

/**
 * Entries held at once while sources are slow: no fewer than are prepared at once, and no more than the scratch space holds at
 * their largest.
 */
export function fetchConcurrency(
  env: Pick<CpuWorkerEnv, 'STYLEFLOW_FETCH_CONCURRENCY' | 'STYLEFLOW_MAX_SOURCE_BYTES'>,
  videosAtOnce: number,
  scratchBytes: number,
): number {
  const wanted = env.STYLEFLOW_FETCH_CONCURRENCY || Math.max(FEWEST_FETCHES, FETCHES_PER_VIDEO * videosAtOnce);
  return Math.max(videosAtOnce, Math.min(wanted, Math.floor(scratchBytes / env.STYLEFLOW_MAX_SOURCE_BYTES)));
}

/** Sentences about variables that look like settings and are none. */
export const unknownNames = (): string[] => unknownSettings(process.env);
