import { type CustodyEntry, CustodyEntrySchema } from '@styleflow/contracts';
import { canonicalJson } from '../canonical/canonical-json.js';
import { sha256 } from '../canonical/digest.js';

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

/** What the system itself does to a job. */
const STAGES: readonly CustodyEvent[] = [
  'queued',
  'preparing',
  'scoring',
  'succeeded',
  'failed',
  'canceled',
  'cancel_requested',
];

/** The event of a change of status; a wish to cancel changes none. */
export function stageEventOf(status: string, cancelRequested: boolean): CustodyEvent {
  const isOver = ['succeeded', 'failed', 'canceled'].includes(status);
  if (cancelRequested && !isOver) return 'cancel_requested';
  return STAGES.find((stage) => stage === status) ?? 'queued';
}

/** Whether a line of a log tells a change of status, in the order in which they happened. */
export function isStageEvent(line: string): boolean {
  const { event, by } = CustodyEntrySchema.parse(JSON.parse(line));
  return by === null && STAGES.some((stage) => stage === event);
}
