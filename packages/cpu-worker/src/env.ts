import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queueSettings } from '@styleflow/queue';
import {
  booleanSetting,
  givenCores,
  givenMemoryBytes,
  integerSetting,
  parseEnv,
  portsSetting,
  processSettings,
} from '@styleflow/runtime';
import { deniedHosts } from '@styleflow/sources';
import { storeSettings } from '@styleflow/storage';
import { z } from 'zod';
import type { FetchLimits } from './fetch/fetch-messages.js';
import type { PrepareLimits } from './prepare/prepare-messages.js';

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
  ...storeSettings,
  /** Videos prepared at once: one decoder, one detector thread and up to 600 MB (720p) each; 0: as cores and memory allow. */
  STYLEFLOW_PREPARE_CONCURRENCY: integerSetting({ min: 0, max: 64, fallback: 0 }),
  /** Jobs finished at once; they read and write only. */
  STYLEFLOW_FINISH_CONCURRENCY: integerSetting({ min: 1, max: 64, fallback: 4 }),
  /** Threads of one ffmpeg. More help above 1080p only: detection takes longer than decoding. */
  STYLEFLOW_DECODE_THREADS: integerSetting({ min: 1, max: 64, fallback: 2 }),
  /** Threads of one face detector. The networks are small: more videos at once use a machine better. */
  STYLEFLOW_DETECT_THREADS: integerSetting({ min: 1, max: 64, fallback: 1 }),
  /** Folder of an imported face detector; the bundled one without. All CPU workers of a system must have the same. */
  STYLEFLOW_DETECTOR: z
    .string()
    .refine((folder) => existsSync(join(folder, 'detector.json')), {
      error: 'allowed: a folder made by `styleflow models import-detector`',
    })
    .optional(),
  /** `required`: no start where a bar of the decoder's cage is missing (packages/media); `best`: as the machine allows. */
  STYLEFLOW_DECODE_CAGE: z.enum(['required', 'best']).prefault('best'),
  /** Where sources lie while they are prepared: up to STYLEFLOW_MAX_SOURCE_BYTES for each video at once. */
  STYLEFLOW_SCRATCH_DIR: z.string().prefault(tmpdir()),
  STYLEFLOW_ALLOW_PRIVATE_SOURCES: booleanSetting(false),
  STYLEFLOW_MAX_SOURCE_BYTES: integerSetting({ min: 1, max: 1e12, fallback: 2_000_000_000 }),
  STYLEFLOW_MAX_FETCH_S: integerSetting({ min: 1, max: 86_400, fallback: 3_600 }),
  /** Ports of public addresses that URLs may name. Addresses inside, where they are allowed, are asked at any port. */
  STYLEFLOW_SOURCE_PORTS: portsSetting([80, 443, 8080, 8443]),
  /** Hosts from which nothing is fetched, whatever else is allowed: names (with all below them), addresses, ranges; by commas. */
  STYLEFLOW_DENIED_SOURCES: deniedSourcesSetting,
  /** Bytes a second that a source must give once it has had 30 s; a lower one is given up, to be tried again. */
  STYLEFLOW_MIN_SOURCE_RATE: integerSetting({ min: 0, max: 1e9, fallback: 10_000 }),
  /** Videos held at once while they are fetched, beside which others are decoded; 0: four for each that is prepared at once, at least 16. */
  STYLEFLOW_FETCH_CONCURRENCY: integerSetting({ min: 0, max: 1_000, fallback: 0 }),
  /** Connections to one host of sources, of all workers together: the service must not overrun a third party. */
  STYLEFLOW_MAX_FETCHES_PER_HOST: integerSetting({ min: 1, max: 10_000, fallback: 8 }),
  /** From the first start of a run's `prepare` on, all its attempts and waits together. */
  STYLEFLOW_MAX_JOB_HOURS: integerSetting({ min: 1, max: 8_760, fallback: 24 }),
  STYLEFLOW_MAX_DURATION_S: integerSetting({ min: 1, max: 864_000, fallback: 4 * 3_600 }),
  STYLEFLOW_MAX_FRAMES: integerSetting({ min: 16, max: 1e8, fallback: 500_000 }),
  STYLEFLOW_MAX_DECODE_S: integerSetting({ min: 1, max: 864_000, fallback: 3_600 }),
  /** Pixels of the longer and of the shorter side. */
  STYLEFLOW_MAX_LONG_SIDE: integerSetting({ min: 16, max: 16_384, fallback: 4_096 }),
  STYLEFLOW_MAX_SHORT_SIDE: integerSetting({ min: 16, max: 16_384, fallback: 2_304 }),
  /** Faces followed in one frame, best first. */
  STYLEFLOW_MAX_FACES: integerSetting({ min: 1, max: 100, fallback: 10 }),
  /** Sources, pictures and kept clips are deleted this long after their job's end. */
  STYLEFLOW_MEDIA_RETENTION_HOURS: integerSetting({ min: 1, max: 87_600, fallback: 24 }),
  /** After this the job, its result and its report are gone. */
  STYLEFLOW_RESULT_RETENTION_DAYS: integerSetting({ min: 1, max: 36_500, fallback: 30 }),
  /**
   * What retention may delete within a minute, of all workers together: results, media and uploads each. Enough for 430,000 jobs a
   * day; and when both clocks leap ahead together, this is all that is lost before somebody looks.
   */
  STYLEFLOW_RETENTION_MAX_PER_MINUTE: integerSetting({ min: 1, max: 1_000_000, fallback: 300 }),
  /** How often one of the CPU workers looks for jobs that nobody works on and for what may be deleted. */
  STYLEFLOW_SWEEP_SECONDS: integerSetting({ min: 1, max: 3_600, fallback: 60 }),
  /** What running work gets to end when the process is told to stop; then it is handed back. */
  STYLEFLOW_SHUTDOWN_GRACE_SECONDS: integerSetting({ min: 0, max: 3_600, fallback: 10 }),
};

export type CpuWorkerEnv = z.infer<z.ZodObject<typeof settings>>;

/** @throws SettingsError naming every wrong setting and what is allowed. */
export function readEnv(variables: Readonly<Record<string, string | undefined>> = process.env): CpuWorkerEnv {
  return parseEnv(settings, variables);
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
