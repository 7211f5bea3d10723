import { COMPARISONS_KEPT, DECODE_SHARE, ENDED_STATUSES, UNFINISHED_STATUSES } from '@styleflow/contracts';
import { CANCELED_ROW, ITEMS_PER_PART } from '../ports/batch-rows.js';
import { NAME_KEPT_BYTES } from '../ports/job-lists.js';
import { SHADOW_LIMITS } from '../ports/shadow-runs.js';
import { LEAST_WINDOW } from '../ports/single-jobs.js';
import { KEY_PREFIX } from './record-keys.js';

/**
 * Constants that the records' scripts use by name. These rules are written in TypeScript, here or in the contracts, and
 * nowhere else.
 */
const CONSTANTS: Readonly<Record<string, string | number | readonly string[]>> = {
  /** The beginning of every key of the product itself. */
  OWN: `${KEY_PREFIX}/`,
  ENDED_STATUSES,
  UNFINISHED_STATUSES,
  DECODE_SHARE,
  /** About how many events are kept for a job: Redis trims in whole nodes of 100. */
  EVENTS_KEPT: 256,
  /** Bytes of a job's name that lists are narrowed by. */
  NAME_KEPT: NAME_KEPT_BYTES,
  /** How long an event stream outlives its job, for clients that resume. */
  EVENTS_TTL_S: 3_600,
  /** How long messages to webhooks, their log and what is sealed for them stay after the last message. */
  DELIVERIES_TTL_S: 7 * 24 * 3_600,
  /** Of an item of a batch, of which many end at once. */
  ITEM_EVENTS_TTL_S: 60,
  /** Changes of status that a record keeps, some 28 bytes each; a job without trouble has three. */
  STAGES_BYTES: 4_000,
  TOMBSTONE_TTL_MS: 24 * 3_600 * 1000,
  /** The window of an owner's single jobs until the admission has told how large it is: unended jobs, clips without a score. */
  WINDOW_JOBS: LEAST_WINDOW.jobs,
  WINDOW_CLIPS: LEAST_WINDOW.clips,
  /** Rows of a batch that go to the store together. */
  ITEMS_PER_PART,
  /** An item that was deleted before it ended. */
  CANCELED_ROW: CANCELED_ROW,
  /** The pace of a batch is measured over one to two of these. */
  PACE_MS: 30_000,
  /** What may wait for shadows (see `SHADOW_LIMITS`). */
  SHADOW_RUNS: SHADOW_LIMITS.runs,
  SHADOW_CLIPS: SHADOW_LIMITS.clips,
  SHADOW_CLIPS_OF_RUN: SHADOW_LIMITS.clipsOfRun,
  SHADOW_TAKES: SHADOW_LIMITS.takes,
  SHADOW_LEASE_MS: SHADOW_LIMITS.leaseMs,
  /** How long it is known what shadows have missed, after the last of it. */
  SHADOW_MISSED_TTL_MS: 30 * 24 * 3_600 * 1000,
  COMPARISONS_KEPT,
};

/** The constants as Lua's local variables. */
export const LUA_CONSTANTS = Object.entries(CONSTANTS)
  .map(([name, value]) => `local ${name} = ${toLua(value)}\n`)
  .join('');

/** A constant as Lua text. JSON writes plain words and numbers as Lua does; lists differ. */
function toLua(value: string | number | readonly string[]): string {
  return typeof value === 'object' ? `{ ${value.map(toLua).join(', ')} }` : JSON.stringify(value);
}
