import {
  BATCH_STATUSES,
  type BatchCounts,
  type BatchId,
  BundleFactsSchema,
  ERROR_CODES,
  type ErrorCode,
  GivenOptionsSchema,
  WebhookTargetSchema,
} from '@styleflow/contracts';
import { z } from 'zod';
import type { BatchRecord, NewBatch } from '../ports/batch-records.js';
import { hashFromFlat } from './record-fields.js';

const json = <S extends z.ZodType>(shape: S) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(shape);
const IsoFromMs = z.coerce.number().transform((ms) => new Date(ms).toISOString());
const count = z.coerce.number().default(0);

/** The fields of a batch's hash. */
const BatchFieldsSchema = z.object({
  owner: z.string(),
  status: z.enum(BATCH_STATUSES),
  cancelRequested: z.enum(['0', '1']),
  deleting: z.string().optional(),
  round: z.coerce.number(),
  form: z.enum(['csv', 'ndjson', 'auto']),
  skipInvalid: z.enum(['true', 'false']),
  options: json(GivenOptionsSchema),
  bundle: json(BundleFactsSchema),
  webhook: json(WebhookTargetSchema).optional(),
  rowsRead: count,
  faults: count,
  total: count,
  next: count,
  open: count,
  clips: count,
  'n:preparing': count,
  'n:scoring': count,
  'n:succeeded': count,
  'n:failed': count,
  'n:canceled': count,
  retryAt: z.coerce.number().optional(),
  paceAt: z.coerce.number().optional(),
  paceEnded: count,
  paceFrom: z.coerce.number().optional(),
  paceFromEnded: count,
  createdAt: IsoFromMs,
  startedAt: IsoFromMs.optional(),
  finishedAt: IsoFromMs.optional(),
});

export function newBatchFields(batch: NewBatch): string[] {
  return Object.entries({
    owner: batch.owner,
    ownerKey: encodeURIComponent(batch.owner),
    form: batch.form,
    skipInvalid: String(batch.skipInvalid),
    options: JSON.stringify(batch.options),
    bundle: JSON.stringify(batch.bundle),
    ...(batch.webhook && { webhook: JSON.stringify(batch.webhook) }),
    // The script moves them to where secrets are.
    ...(batch.secrets && { sealed: JSON.stringify(Object.entries(batch.secrets).flat()) }),
  }).flat();
}

/** Reads a hash, given as an object or as Lua's flat list; null when there is none. */
export function parseBatch(id: BatchId, reply: unknown): BatchRecord | null {
  const hash = Array.isArray(reply) ? hashFromFlat(reply) : reply;
  if (hash === null || typeof hash !== 'object' || Object.keys(hash).length === 0) return null;
  const fields = BatchFieldsSchema.parse(hash);
  const { owner, status, round, form, options, bundle, rowsRead, faults, next, open, createdAt } = fields;
  return {
    ...{ id, owner, status, round, form, options, bundle, rowsRead, faults, next, open, createdAt },
    webhook: fields.webhook,
    cancelRequested: fields.cancelRequested === '1',
    isDeleting: fields.deleting !== undefined,
    skipInvalid: fields.skipInvalid === 'true',
    counts: countsOf(fields),
    errors: errorsOf(hash),
    unscoredClips: Math.max(0, fields.clips),
    retryAt: fields.retryAt ?? null,
    pace:
      fields.paceFrom === undefined || fields.paceAt === undefined
        ? null
        : {
            fromMs: fields.paceFrom,
            fromEnded: fields.paceFromEnded,
            toMs: fields.paceAt,
            toEnded: fields.paceEnded,
          },
    startedAt: fields.startedAt ?? null,
    finishedAt: fields.finishedAt ?? null,
  };
}

function countsOf(fields: z.infer<typeof BatchFieldsSchema>): BatchCounts {
  const counted = {
    preparing: fields['n:preparing'],
    scoring: fields['n:scoring'],
    succeeded: fields['n:succeeded'],
    failed: fields['n:failed'],
    canceled: fields['n:canceled'],
  };
  const others = Object.values(counted).reduce((sum, each) => sum + each, 0);
  return { total: fields.total, queued: Math.max(0, fields.total - others), ...counted };
}

/** A code that only a newer version knows counts as `internal`, as everywhere. */
function errorsOf(hash: object): Partial<Record<ErrorCode, number>> {
  const errors: Partial<Record<ErrorCode, number>> = {};
  for (const [name, value] of Object.entries(hash)) {
    if (!name.startsWith('e:')) continue;
    const code = ERROR_CODES.find((known) => known === name.slice(2)) ?? 'internal';
    errors[code] = (errors[code] ?? 0) + Number(value);
  }
  return errors;
}
