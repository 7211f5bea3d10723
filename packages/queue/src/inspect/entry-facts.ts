import { type EntryFacts, type EntryState, JOB_CATALOG, parseEntryId, parseJobError } from '@styleflow/contracts';
import { parseWorkerName } from '../bullmq/attempt-failure.js';
import type { RawEntry } from './entry-page.js';

/** BullMQ's score of a delayed entry: its time in ms, and a counter in the lowest 12 bits. */
const DELAYED_SCORE_PER_MS = 4096;

/**
 * Translates BullMQ's fields of an entry into the product's words; `now` is the time by the clock of Redis. Never throws:
 * whatever cannot be read is null or 0.
 */
export function entryFacts(
  queue: string,
  state: EntryState,
  { id, lockMs, position, fields }: RawEntry,
  now: number,
): EntryFacts {
  const { job = null, run = null, stage = null, track = null, clip = null } = parseEntryId(id) ?? {};
  const addedMs = readNumber(fields.timestamp);
  const bullmqPriority = readNumber(fields.priority) ?? 0;
  const { failedReason } = fields;
  const error = failedReason === undefined ? null : parseJobError(failedReason);
  return {
    id,
    queue,
    state,
    job,
    run,
    stage,
    track,
    clip,
    // BullMQ takes the lowest first; 0 is none.
    // Each turn has two places: single jobs come first.
    turn: bullmqPriority >= 1 ? Math.max(1, Math.floor(bullmqPriority / 2)) : null,
    attempts: {
      started: readNumber(fields.ats) ?? 0,
      failed: readNumber(fields.atm) ?? 0,
      allowed: stage === null ? null : JOB_CATALOG[stage].attempts,
    },
    takeovers: readNumber(fields.stc) ?? 0,
    addedAt: toTime(addedMs),
    ageSeconds: addedMs === null ? null : Math.max(0, (now - addedMs) / 1000),
    startedAt: toTime(readNumber(fields.processedOn)),
    finishedAt: toTime(readNumber(fields.finishedOn)),
    retryAt: state === 'delayed' ? toTime(Math.floor(position / DELAYED_SCORE_PER_MS)) : null,
    takenBy: fields.pb === undefined ? null : parseWorkerName(fields.pb),
    lockSeconds: lockMs >= 0 ? lockMs / 1000 : null,
    error: error === null ? null : { code: error.code, message: error.message },
  };
}

/** A whole number that is not negative; null for anything else. */
function readNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** A time as ISO 8601. Null beyond the year 9999, because such a year has no four digits. */
function toTime(ms: number | null): string | null {
  return ms === null || ms >= 253_402_300_800_000 ? null : new Date(ms).toISOString();
}
