import {
  BundleFactsSchema,
  JOB_STATUSES,
  type JobId,
  JobIdSchema,
  JobOptionsSchema,
  ProblemFactsSchema,
  SourceSchema,
  VerdictSchema,
  WebhookTargetSchema,
} from '@styleflow/contracts';
import { z } from 'zod';
import type { JobRecord, NewJob } from '../ports/job-record.js';
import type { RecordHash } from './archived-record.js';
import { keptName } from './job-name.js';

/** Text that holds JSON of the given shape. */
export const json = <S extends z.ZodType>(shape: S) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(shape);

const IsoFromMs = z.coerce.number().transform((ms) => new Date(ms).toISOString());

/** The fields of a job's hash. */
const RecordFieldsSchema = z.object({
  owner: z.string(),
  run: z.coerce.number(),
  status: z.enum(JOB_STATUSES),
  percent: z.coerce.number().optional(),
  framesDecoded: z.coerce.number(),
  framesTotal: z.coerce.number().optional(),
  clipsPlanned: z.coerce.number(),
  clipsScored: z.coerce.number(),
  source: json(SourceSchema),
  /** Absent where nothing was sealed. */
  sourceSealed: z.literal('1').optional(),
  options: json(JobOptionsSchema),
  bundle: json(BundleFactsSchema),
  /** Absent of jobs with one bundle. */
  bundles: json(z.array(BundleFactsSchema)).optional(),
  leftOut: z
    .string()
    .transform((text) => text.split(' '))
    .optional(),
  metadata: json(z.record(z.string(), z.unknown())),
  /** Absent but of jobs that score others again. */
  rescoreOf: z
    .string()
    .transform((text) => parseJobIds(text.split(' ')))
    .optional(),
  batch: z.string().optional(),
  webhook: json(WebhookTargetSchema).optional(),
  item: z.coerce.number().optional(),
  createdAt: IsoFromMs,
  startedAt: IsoFromMs.optional(),
  finishedAt: IsoFromMs.optional(),
  waiting: z.literal('1').optional(),
  attempts: z.coerce.number(),
  cancelRequested: z.enum(['0', '1']),
  error: json(ProblemFactsSchema).optional(),
  verdict: json(VerdictSchema).optional(),
  resultSha256: z.string().optional(),
  revision: z.coerce.number(),
});

/**
 * The fields that a submission fixes, as `HSET` takes them. `ownerKey` and `batchKey` are the names in the encoding of
 * keys.
 */
export function newRecordFields(job: NewJob): string[] {
  const fields: Record<string, string> = {
    owner: job.owner,
    name: keptName(job),
    ownerKey: encodeURIComponent(job.owner),
    source: JSON.stringify(job.source),
    ...((job.secrets?.source !== undefined || job.isSourceSealed === true) && { sourceSealed: '1' }),
    // The script moves them to a key of their own.
    ...(job.secrets !== undefined && { sealed: JSON.stringify(Object.entries(job.secrets).flat()) }),
    options: JSON.stringify(job.options),
    bundle: JSON.stringify(job.bundle),
    ...(job.bundles !== undefined && { bundles: JSON.stringify(job.bundles) }),
    metadata: JSON.stringify(job.metadata),
    ...(job.rescoreOf !== undefined && { rescoreOf: job.rescoreOf.join(' ') }),
    ...(job.webhook !== undefined && { webhook: JSON.stringify(job.webhook) }),
    ...(job.batch !== undefined && { batch: job.batch, batchKey: encodeURIComponent(job.batch) }),
    ...(job.item !== undefined && { item: String(job.item) }),
  };
  return Object.entries(fields).flat();
}

/** Reads a hash, given as an object or as Lua's flat list; null when there is none. */
export function parseRecord(id: JobId, reply: unknown): JobRecord | null {
  const hash = Array.isArray(reply) ? hashFromFlat(reply) : reply;
  if (hash === null || typeof hash !== 'object' || Object.keys(hash).length === 0) return null;
  const { percent, framesDecoded, framesTotal, clipsPlanned, clipsScored, cancelRequested, ...others } =
    RecordFieldsSchema.parse(hash);
  const { sourceSealed, waiting, ...fields } = others;
  return {
    ...fields,
    id,
    startedAt: fields.startedAt ?? null,
    finishedAt: fields.finishedAt ?? null,
    cancelRequested: cancelRequested === '1',
    isSourceSealed: sourceSealed === '1',
    isWaiting: waiting === '1',
    progress: { percent: percent ?? null, framesDecoded, framesTotal: framesTotal ?? null, clipsPlanned, clipsScored },
  };
}

export function parseJobIds(reply: unknown): JobId[] {
  return z.array(JobIdSchema).parse(reply);
}

/** Lua's flat list of names and values. */
export function hashFromFlat(flat: readonly unknown[]): RecordHash {
  const hash: RecordHash = {};
  for (let index = 0; index + 1 < flat.length; index += 2) hash[String(flat[index])] = String(flat[index + 1]);
  return hash;
}
