import { z } from 'zod';
import { ClipVariantSchema } from './clip-variant.js';
import { JobIdSchema } from './job.js';
import { JobOptionsSchema } from './job-options.js';
import { STAGES, type Stage } from './stages.js';

/** `traceparent` of W3C Trace Context, version 00. Neither of the two ids may be all zeros. */
const TRACEPARENT_PATTERN = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The one catalog of stages: what an entry of each holds, and how often it is tried.
 * Payloads hold keys of the object store and a version, never pixels, sources, secrets or signed URLs.
 */
const PayloadBase = z.object({
  v: z.literal(1),
  job: JobIdSchema,
  run: z.int().min(1),
  /**
   * The span that added the entry, as W3C `traceparent`; the stage continues its trace. A malformed one counts as none.
   */
  trace: z.string().regex(TRACEPARENT_PATTERN).optional().catch(undefined),
});

/**
 * Version 1 also held the source, which stands in the job's record as well. Version 3 is that of jobs with several bundles, which
 * workers of a version before hand back, version 4 that of jobs with the option `stability`, which they do not know.
 */
export const PreparePayloadSchema = PayloadBase.extend({
  v: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  /** Among whose entries it waits; absent in those of a version before. */
  owner: z.string().optional(),
  /** An item of a batch, which waits behind single jobs. */
  ofBatch: z.literal(true).optional(),
  options: JobOptionsSchema,
  /** The bundle that scores this job, fixed at submission. It names the score queue. */
  bundle: z.object({ id: z.string(), digest: z.string() }),
  /** All bundles of a job with `options.bundles`, the first of them included. */
  bundles: z.array(z.object({ id: z.string(), digest: z.string() })).optional(),
  /** Set where stored objects of the run turned out to be damaged: how often it has been prepared again, this time included. */
  again: z.int().min(1).optional(),
  /** When it was added then, ms since the epoch by the clock of Redis: the limit of a job's time counts from here once more. */
  againAt: z.number().min(0).optional(),
});
export type PreparePayload = z.infer<typeof PreparePayloadSchema>;

const Digest12Schema = z.string().regex(/^[0-9a-f]{12}$/);

/**
 * With version 1 the clip is stored in the first format, which alone 0.1.0 reads (docs/clip-format.md). Version 3 is that of jobs with
 * several bundles: a worker of a version before would take the pixels away from the others. Version 4 is that of clips which are scored
 * in re-encodings, too.
 */
export const ScorePayloadSchema = PayloadBase.extend({
  v: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  track: z.int().min(0),
  clip: z.int().min(0),
  keepCrops: z.boolean(),
  /** The bundle of this entry, and all that score the clip, by the first 12 hex digits of their digests. */
  bundle: Digest12Schema.optional(),
  bundles: z.array(Digest12Schema).optional(),
  /** The re-encodings in which this entry scores the clip once more. */
  variants: z.array(ClipVariantSchema).optional(),
  /** Shadows may want the pixels as long as the run is held for them. A version before takes them away: they miss the video. */
  shadowed: z.literal(true).optional(),
});
export type ScorePayload = z.infer<typeof ScorePayloadSchema>;

export const FinishPayloadSchema = PayloadBase;
export type FinishPayload = z.infer<typeof FinishPayloadSchema>;

interface StageFacts<S extends z.ZodType> {
  readonly payload: S;
  /** The highest version of payloads that this code reads. */
  readonly version: number;
  /** Where its entries wait: in one queue, which has the stage's name, or in a queue for each model bundle. */
  readonly queue: 'one' | 'of-each-bundle';
  /** How often an entry is started at most, the first time included, when its errors may be retried. */
  readonly attempts: number;
  /** Delay before the second attempt. It doubles with every further one, and up to half of it is random. */
  readonly backoffMs: number;
  /** How many workers may be lost while they work on an entry, before it fails for good. */
  readonly maxStalledCount: number;
}

export const JOB_CATALOG = {
  prepare: {
    payload: PreparePayloadSchema,
    version: 4,
    queue: 'one',
    attempts: 4,
    backoffMs: 2_000,
    maxStalledCount: 3,
  },
  score: {
    payload: ScorePayloadSchema,
    version: 4,
    queue: 'of-each-bundle',
    attempts: 4,
    backoffMs: 1_000,
    maxStalledCount: 3,
  },
  // Finish only reads and writes what is stored, so it is tried for long: its nine delays, from 1 s on and each
  // doubled, add up to 9 to 13 minutes. After that the sweep starts it again.
  finish: {
    payload: FinishPayloadSchema,
    version: 1,
    queue: 'one',
    attempts: 10,
    backoffMs: 1_000,
    maxStalledCount: 10,
  },
} as const satisfies Record<Stage, StageFacts<z.ZodType>>;

type StageWithQueue = { [S in Stage]: (typeof JOB_CATALOG)[S]['queue'] extends 'one' ? S : never }[Stage];

/** The queues that every installation has, in the order of a job's walk. Each has the name of its stage. */
export const STAGE_QUEUES: readonly StageWithQueue[] = STAGES.filter(
  (stage): stage is StageWithQueue => JOB_CATALOG[stage].queue === 'one',
);

/** Whether this queue is a stage's own; otherwise it serves a model bundle. */
export function isStageQueue(name: string): name is StageWithQueue {
  return STAGE_QUEUES.some((queue) => queue === name);
}

/** The queue of messages to webhooks, which CPU workers send. Its entries are of no stage. */
export const WEBHOOK_QUEUE = 'webhook';

/** The queue of reports that are to be printed as PDF, by CPU workers that have a browser. Its entries are of no stage. */
export const REPORT_QUEUE = 'report';

/** How often a run is prepared again because objects of it are damaged. Objects that are damaged anew each time show a broken store. */
export const MAX_PREPARED_AGAIN = 2;

/** When this many clips of one job wait to be scored, re-encodings among them, decoding of its video pauses. */
export const MAX_UNSCORED_CLIPS = 64;

/** When less than this share of a job's clips could be scored, the job fails with `inference_failed`. */
export const MIN_SCORED_SHARE = 0.8;
