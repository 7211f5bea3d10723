import { z } from 'zod';

const DigestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** One entry of a job's custody log. */
export const CustodyEntrySchema = z.strictObject({
  n: z.int().min(1).describe('Its place in the log.'),
  at: z.string().describe('ISO 8601 in UTC, by the clock of Redis.'),
  event: z
    .string()
    .describe(
      'What happened: `submitted`, a change of status, `cancel_requested`, `retry_requested`, `signed`, `signature_read`, `evidence_read`; newer versions may have others.',
    ),
  by: z.string().nullable().describe('The name of the API key that did it; null: the system itself.'),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  prev: DigestSchema.describe('The `hash` of the entry before; of the first a digest of the job’s id.'),
  hash: DigestSchema.describe('SHA-256 of this entry without `hash`, as canonical JSON.'),
});
export type CustodyEntry = z.infer<typeof CustodyEntrySchema>;

/** `GET /v1/jobs/{id}/custody`. */
export const CustodyLogSchema = z.object({
  job: z.string(),
  entries: z.array(CustodyEntrySchema),
  head: DigestSchema.describe('The `hash` of the last entry.'),
});
export type CustodyLog = z.infer<typeof CustodyLogSchema>;
