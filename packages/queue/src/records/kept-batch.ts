import { type BatchId, JobError } from '@styleflow/contracts';
import { z } from 'zod';

const KeptSchema = z.object({
  v: z.literal(1),
  fields: z.record(z.string(), z.string()),
  /** Sealed secrets of its webhook, by name. */
  sealed: z.record(z.string(), z.string()),
});

/** A batch as the archive has it: its hash less what its items tell. */
export type KeptBatch = z.infer<typeof KeptSchema>;

/** Counted anew from the items, or without a meaning in another Redis. `next` stands still once a batch is canceled. */
const COUNTED = /^(n:|e:|pace|open$|clips$|rev$|idempotencyKey$)/;

export function printKeptBatch(hash: Readonly<Record<string, string>>, sealed: KeptBatch['sealed']): string {
  const fields = Object.entries(hash).filter(
    ([name]) => !COUNTED.test(name) && (name !== 'next' || hash.cancelRequested === '1'),
  );
  return JSON.stringify({ v: 1, fields: Object.fromEntries(fields), sealed } satisfies KeptBatch);
}

/** @throws JobError `internal` for a text that is none */
export function parseKeptBatch(id: BatchId, text: string): KeptBatch {
  try {
    return KeptSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new JobError('internal', `What the archive has of ${id} cannot be read.`, { cause: error });
  }
}
