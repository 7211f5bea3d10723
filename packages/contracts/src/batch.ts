import { z } from 'zod';
import { GivenOptionsSchema } from './batch-manifest.js';
import { ERROR_CODES } from './errors.js';
import { BATCH_ID_PATTERN, type BatchId } from './ids.js';
import { TimeSchema } from './job.js';
import { readKnownKeys } from './newer-words.js';

export const BATCH_STATUSES = ['validating', 'refused', 'running', 'ended', 'canceled'] as const;
/**
 * `validating` → `running` → `ended` | `canceled`, or `validating` → `refused` | `canceled`. A retry brings `ended` back to
 * `running`.
 */
export type BatchStatus = (typeof BATCH_STATUSES)[number];

/** Whether nothing more happens to the batch but by a retry. */
export function isBatchOver(status: BatchStatus): boolean {
  return status === 'refused' || status === 'ended' || status === 'canceled';
}

/** How many faults of a manifest are told with the batch; the error file has all that were found. */
export const MAX_LISTED_FAULTS = 100;

export const BatchIdSchema = z
  .custom<BatchId>((value) => typeof value === 'string' && BATCH_ID_PATTERN.test(value))
  .meta({ type: 'string', pattern: BATCH_ID_PATTERN.source, example: 'bat_01JD9Z3V6Q8W2X4Y6Z8A000000' });

/** What is wrong with one place of a manifest. */
export const ManifestFaultSchema = z.object({
  line: z
    .int()
    .min(0)
    .describe('From 1, as editors count; of JSON items the number of the item. 0: the manifest as a whole.'),
  column: z.string().nullable().describe('The name of the column; null where it is the row.'),
  message: z.string(),
});
export type ManifestFault = z.infer<typeof ManifestFaultSchema>;

export const ManifestFaultsSchema = z.object({
  count: z.int().min(0),
  listed: z.array(ManifestFaultSchema).max(MAX_LISTED_FAULTS).describe(`The first ${MAX_LISTED_FAULTS}.`),
});
export type ManifestFaults = z.infer<typeof ManifestFaultsSchema>;

/** Items by the status of their job; those that are not admitted yet count as `queued`. They add up to `total`. */
export const BatchCountsSchema = z.object({
  total: z.int().min(0).describe('0 until the manifest has been read.'),
  queued: z.int().min(0),
  preparing: z.int().min(0),
  scoring: z.int().min(0),
  succeeded: z.int().min(0),
  failed: z.int().min(0),
  canceled: z.int().min(0),
});
export type BatchCounts = z.infer<typeof BatchCountsSchema>;

/** Between two times that are likely; never one that nobody can know. */
export const TimeRangeSchema = z.object({ from: TimeSchema, to: TimeSchema });

/** The batch as its owner sees it. */
export const BatchSchema = z.object({
  id: BatchIdSchema,
  status: z.enum(BATCH_STATUSES),
  cancelRequested: z.boolean().describe('No further item starts; those that run are being stopped.'),
  round: z.int().min(1).describe('1, and one more with every retry of its failed items.'),
  rowsRead: z.int().min(0).describe('Rows of the manifest that have been read: grows while it is validated.'),
  counts: BatchCountsSchema,
  admitted: z.int().min(0).describe('Items that have become jobs.'),
  errors: readKnownKeys(ERROR_CODES, z.partialRecord(z.enum(ERROR_CODES), z.int())).describe(
    'Failed items by their error code.',
  ),
  faults: ManifestFaultsSchema.describe('What is wrong with the manifest.'),
  throughput: z
    .object({
      itemsPerHour: z.number().nullable().describe('Ended lately; null before there is anything to measure.'),
    })
    .describe('What the batch gets of the system now.'),
  eta: TimeRangeSchema.nullable().describe('When it may end at its present pace; null where nobody can tell.'),
  options: GivenOptionsSchema,
  skipInvalid: z.boolean(),
  createdAt: TimeSchema,
  startedAt: TimeSchema.nullable().describe('When its manifest was accepted.'),
  finishedAt: TimeSchema.nullable(),
  links: z.record(z.string(), z.string()).describe('`self`, `results`, `errors`, `jobs`.'),
});
export type Batch = z.infer<typeof BatchSchema>;

export const BatchListQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});

/** `GET /v1/batches`: newest first. */
export const BatchListSchema = z.object({ batches: z.array(BatchSchema), nextCursor: z.string().nullable() });
export type BatchList = z.infer<typeof BatchListSchema>;

/** What a manifest would take, by the system's present rates. Ranges, since nobody has seen the videos yet. */
export const EstimateSchema = z.object({
  clips: z.object({ from: z.int(), to: z.int() }),
  hours: z.object({ from: z.number(), to: z.number() }).nullable().describe('Null while no worker is there.'),
  finish: TimeRangeSchema.nullable(),
});
export type Estimate = z.infer<typeof EstimateSchema>;

/** `POST /v1/batches?dryRun=true`, 200: nothing was created. */
export const DryRunSchema = z.object({
  accepted: z.boolean().describe('Whether the same call without `dryRun` would run.'),
  items: z.int().min(0).describe('Rows that would become jobs.'),
  faults: ManifestFaultsSchema,
  estimate: EstimateSchema.nullable().describe('Null where nothing would run.'),
});
export type DryRun = z.infer<typeof DryRunSchema>;
