import { z } from 'zod';
import { JobIdSchema } from './job.js';
import { JobOptionsSchema } from './job-options.js';
import { SourceSchema } from './source.js';

/** W3C Trace Context, version 00: no id is all zeros. */
const TRACEPARENT_PATTERN = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The one catalog of stages: what travels in a queue entry, how often it is tried.
 * Payloads hold keys and a version, never pixels, secrets or signed URLs.
 */
const PayloadBase = z.object({
  v: z.literal(1),
  job: JobIdSchema,
  run: z.int().min(1),
  /** The span that added the entry, as W3C `traceparent`: the stage goes on in its trace. A bad one must not cost the job anything. */
  trace: z.string().regex(TRACEPARENT_PATTERN).optional().catch(undefined),
});

export const PreparePayloadSchema = PayloadBase.extend({
  source: SourceSchema,
  options: JobOptionsSchema,
  /** Names the score queue of the job's bundle, fixed at submission. */
  bundle: z.object({ id: z.string(), digest: z.string() }),
});
export type PreparePayload = z.infer<typeof PreparePayloadSchema>;

export const ScorePayloadSchema = PayloadBase.extend({
  track: z.int().min(0),
  clip: z.int().min(0),
  keepCrops: z.boolean(),
});
export type ScorePayload = z.infer<typeof ScorePayloadSchema>;

export const FinishPayloadSchema = PayloadBase;
export type FinishPayload = z.infer<typeof FinishPayloadSchema>;

interface StageFacts<S extends z.ZodType> {
  readonly payload: S;
  /** Starts in all, for errors that may be retried. */
  readonly attempts: number;
  /** First delay of the exponential backoff; each later one doubles, with up to half of it as jitter. */
  readonly backoffMs: number;
  /** How often a lost worker may interrupt an entry before it fails for good. */
  readonly maxStalledCount: number;
}

const stage = <S extends z.ZodType>(facts: StageFacts<S>): StageFacts<S> => facts;

export const JOB_CATALOG = {
  prepare: stage({ payload: PreparePayloadSchema, attempts: 4, backoffMs: 2_000, maxStalledCount: 3 }),
  score: stage({ payload: ScorePayloadSchema, attempts: 4, backoffMs: 1_000, maxStalledCount: 3 }),
  // Finish only reads and writes what is stored: it is tried through an outage of a quarter of an hour, then by the sweep.
  finish: stage({ payload: FinishPayloadSchema, attempts: 10, backoffMs: 1_000, maxStalledCount: 10 }),
} as const;

/** At most this many clips of one job wait to be scored; then its decoding pauses. */
export const MAX_UNSCORED_CLIPS = 64;

/** A job with fewer scored clips than this share of the planned ones fails with `inference_failed`. */
export const MIN_SCORED_SHARE = 0.8;
