import { ErrorCodeSchema } from '@styleflow/contracts';
import { z } from 'zod';

/** Items whose rows go to the store together, and of which a stored part consists. */
export const ITEMS_PER_PART = 1_000;

const STATUSES = ['succeeded', 'failed', 'canceled'] as const;

/** How an item ended, as a batch keeps it: 40 to 80 bytes as text. */
export const CompactRowSchema = z.object({
  status: z.enum(STATUSES),
  label: z.string().nullable(),
  score: z.number().nullable(),
  threshold: z.number().nullable(),
  reason: z.string().nullable(),
  code: ErrorCodeSchema.nullable(),
  faces: z.number().nullable(),
  clips: z.number().nullable(),
  run: z.number().nullable(),
});
export type CompactRow = Readonly<z.infer<typeof CompactRowSchema>>;

/** Cut off at the end where there is nothing. */
const RowSchema = z
  .array(z.union([z.string(), z.number(), z.null()]))
  .transform((values): unknown => {
    const [letter, label = null, score = null, threshold = null, reason = null, code = null, ...rest] = values;
    const [faces = null, clips = null, run = null] = rest;
    const status = STATUSES.find((each) => each.startsWith(String(letter)));
    return { status, label, score, threshold, reason, code, faces, clips, run };
  })
  .pipe(CompactRowSchema);

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
