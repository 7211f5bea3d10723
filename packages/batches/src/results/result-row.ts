import { type BatchId, itemJobId, JobIdSchema, printSource, type ResultRow } from '@styleflow/contracts';
import { type CompactRow, CompactRowSchema } from '@styleflow/queue';
import { z } from 'zod';
import type { StoredItem } from '../stored/stored-item.js';

/** How an item ended, as the store keeps it: the compact row with the number of its item. */
export const StoredRowSchema = CompactRowSchema.extend({ index: z.int().min(0) });
export type StoredRow = z.infer<typeof StoredRowSchema>;

/** `row`: null for an item of a canceled batch that never became a job. */
export function resultRow(batch: BatchId, item: StoredItem, row: CompactRow | null): ResultRow {
  const { truth_label = null, group = null, identity, method, split } = item.labels;
  return {
    index: item.index,
    id: item.id,
    source: printSource(item.source),
    status: row?.status ?? 'canceled',
    verdict_label: row?.label ?? null,
    score: row?.score ?? null,
    threshold: row?.threshold ?? null,
    reason: row?.reason ?? null,
    error_code: row?.code ?? null,
    faces: row?.faces ?? null,
    clips: row?.clips ?? null,
    truth_label,
    group,
    job: row === null ? null : JobIdSchema.parse(itemJobId(batch, item.index)),
    ...(identity !== undefined && { identity }),
    ...(method !== undefined && { method }),
    ...(split !== undefined && { split }),
    ...(Object.keys(item.metadata).length > 0 && { metadata: item.metadata }),
  };
}
