import { z } from 'zod';
import { canonicalJson } from '../canonical/canonical-json.js';
import { sha256 } from '../canonical/digest.js';

const DigestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** What happens to a job that its log tells. A reader of an older version shows others as they are. */
export const CUSTODY_EVENTS = [
  'submitted',
  'queued',
  'preparing',
  'scoring',
  'succeeded',
  'failed',
  'canceled',
  'cancel_requested',
  'retry_requested',
  'signed',
  'signature_read',
  'evidence_read',
  'stages_left_out',
] as const;
export type CustodyEvent = (typeof CUSTODY_EVENTS)[number];

export const CustodyEntrySchema = z.strictObject({
  n: z.int().min(1).describe('Its place in the log.'),
  at: z.string().describe('ISO 8601 in UTC, by the clock of Redis.'),
  event: z.string(),
  by: z.string().nullable().describe('The name of the API key that did it; null: the system itself.'),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  prev: DigestSchema.describe('The `hash` of the entry before; of the first a digest of the job’s id.'),
  hash: DigestSchema.describe('SHA-256 of this entry without `hash`, as canonical JSON.'),
});
export type CustodyEntry = z.infer<typeof CustodyEntrySchema>;

/** One thing that happened, before it has its place in a log. */
export interface CustodyNote {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: CustodyEvent;
  readonly by: string | null;
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
}

/** What the first entry of a job's log continues: a log of one job is none of another. */
export function custodyRoot(job: string): string {
  return sha256(`styleflow custody 1 ${job}\n`);
}

export function custodyHash(entry: Omit<CustodyEntry, 'hash'>): string {
  return sha256(canonicalJson(entry));
}
