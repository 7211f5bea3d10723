import { z } from 'zod';
import { type BatchId, isBatchId } from './ids.js';
import { ErrorCodeSchema, JOB_STATUSES, JobIdSchema } from './job.js';

/**
 * Columns of a batch's results as CSV, in this order. An empty cell is nothing. `clips`: those scored. Numbers have a point.
 */
export const RESULT_COLUMNS = [
  'id',
  'source',
  'status',
  'verdict_label',
  'score',
  'threshold',
  'reason',
  'error_code',
  'faces',
  'clips',
  'truth_label',
  'group',
  'job',
] as const;
export type ResultColumn = (typeof RESULT_COLUMNS)[number];

/** One line of `GET /v1/batches/{id}/results` as NDJSON, in the order of the manifest. */
export const ResultRowSchema = z.object({
  index: z.int().min(0).describe('The item, counted from 0 over those that were taken.'),
  id: z.string(),
  source: z.string().describe('As manifests write it.'),
  status: z.enum(JOB_STATUSES),
  verdict_label: z.string().nullable(),
  score: z.number().nullable(),
  threshold: z.number().nullable(),
  reason: z.string().nullable(),
  error_code: ErrorCodeSchema.nullable(),
  faces: z.int().nullable(),
  clips: z.int().nullable(),
  truth_label: z.string().nullable(),
  group: z.string().nullable(),
  job: JobIdSchema.nullable().describe('Null for an item that never became a job.'),
  identity: z.string().optional(),
  method: z.string().optional(),
  split: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional().describe('Further columns of the manifest.'),
});
export type ResultRow = z.infer<typeof ResultRowSchema>;

/** Columns of the error file as CSV. */
export const ERROR_COLUMNS = ['kind', 'line', 'column', 'id', 'source', 'error_code', 'message', 'job'] as const;

/**
 * One line of `GET /v1/batches/{id}/errors` as NDJSON: first all faults of the manifest, then the items that have failed so
 * far, each in the order of the manifest.
 */
export const ErrorRowSchema = z.object({
  kind: z.enum(['fault', 'item']),
  line: z.int().nullable().describe('Of a fault: the line of the manifest.'),
  column: z.string().nullable(),
  id: z.string().nullable(),
  source: z.string().nullable(),
  error_code: ErrorCodeSchema,
  message: z.string(),
  job: JobIdSchema.nullable(),
});
export type ErrorRow = z.infer<typeof ErrorRowSchema>;

const FORMATS = ['ndjson', 'csv'] as const;
const FlagSchema = z.enum(['true', 'false']).default('false');

/** The query of `…/results`. Without `format` the header Accept decides (`text/csv`), else it is NDJSON. */
export const ResultsQuerySchema = z.strictObject({
  format: z.enum(FORMATS).optional(),
  cursor: z.string().max(100).optional().describe('From the header `Styleflow-Next-Cursor` of an answer before.'),
  follow: FlagSchema.describe('`true`: go on until the last item has ended.'),
  excel: FlagSchema.describe(
    '`true`: CSV for spreadsheets: a byte order mark, and text that no program takes for a formula.',
  ),
});

/** The query of `…/errors`. */
export const ErrorsQuerySchema = ResultsQuerySchema.omit({ cursor: true, follow: true });

/**
 * Says where to go on reading. Absent once all rows have been read. Known before the first row, so it is a header; the
 * answer to `follow=true` has none and ends with the batch.
 */
export const NEXT_CURSOR_HEADER = 'Styleflow-Next-Cursor';

/** A place among a batch's results: before the row `index`, in that round. */
export interface ResultCursor {
  readonly batch: BatchId;
  readonly round: number;
  readonly index: number;
}

/** A client that counted rows may make one, to go on after a broken answer: the round stands in the batch. */
export function printResultCursor({ batch, round, index }: ResultCursor): string {
  return `${batch}.${round}.${index}`;
}

/** Null for a text that is no cursor. */
export function parseResultCursor(text: string): ResultCursor | null {
  const [, batch = '', round, index] = /^(bat_\w+)\.(\d{1,6})\.(\d{1,8})$/.exec(text) ?? [];
  return isBatchId(batch) ? { batch, round: Number(round), index: Number(index) } : null;
}
