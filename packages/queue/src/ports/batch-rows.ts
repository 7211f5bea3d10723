import { type ErrorCode, ErrorCodeSchema, type JobStatus } from '@styleflow/contracts';
import { z } from 'zod';

/** Items whose rows go to the store together, and of which a stored part consists. */
export const ITEMS_PER_PART = 1_000;

/** How an item ended, as a batch keeps it: 40 to 80 bytes as text. */
export interface CompactRow {
  readonly status: Extract<JobStatus, 'succeeded' | 'failed' | 'canceled'>;
  readonly label: string | null;
  readonly score: number | null;
  readonly threshold: number | null;
  readonly reason: string | null;
  readonly code: ErrorCode | null;
  readonly faces: number | null;
  readonly clips: number | null;
  readonly run: number | null;
}

const STATUSES = ['succeeded', 'failed', 'canceled'] as const;

/** Cut off at the end where there is nothing. */
const RowSchema = z
  .array(z.union([z.string(), z.number(), z.null()]))
  .transform((values): unknown => {
    const [letter, label = null, score = null, threshold = null, reason = null, code = null, ...rest] = values;
    const [faces = null, clips = null, run = null] = rest;
    const status = STATUSES.find((each) => each.startsWith(String(letter)));
    return { status, label, score, threshold, reason, code, faces, clips, run };
  })
  .pipe(
    z.object({
      status: z.enum(STATUSES),
      label: z.string().nullable(),
      score: z.number().nullable(),
      threshold: z.number().nullable(),
      reason: z.string().nullable(),
      code: ErrorCodeSchema.nullable(),
      faces: z.number().nullable(),
      clips: z.number().nullable(),
      run: z.number().nullable(),
    }),
  );

export function printRow(row: Pick<CompactRow, 'status'> & Partial<CompactRow>): string {
  const { status, label, score, threshold, reason, code, faces, clips, run } = row;
  const values = [status.charAt(0), label, score, threshold, reason, code, faces, clips, run].map(
    (value) => value ?? null,
  );
  while (values.at(-1) === null) values.pop();
  return JSON.stringify(values);
}

export function parseRow(text: string): CompactRow {
  return RowSchema.parse(JSON.parse(text));
}

/** Of an item that was deleted, or never became a job. */
export const CANCELED_ROW = printRow({ status: 'canceled' });
