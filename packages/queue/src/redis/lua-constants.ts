import { DECODE_SHARE, ENDED_STATUSES, UNFINISHED_STATUSES } from '@styleflow/contracts';
import { KEY_PREFIX } from './record-keys.js';

/** What the scripts of the records know by name: rules that stand in TypeScript, here or in the contracts, and nowhere else. */
const CONSTANTS: Readonly<Record<string, string | number | readonly string[]>> = {
  /** Starts every own key. */
  OWN: `${KEY_PREFIX}/`,
  ENDED_STATUSES,
  UNFINISHED_STATUSES,
  DECODE_SHARE,
  /** Events kept per job, about: Redis trims in whole nodes of 100. */
  EVENTS_KEPT: 256,
  /** An event stream outlives its job by this much, for clients that resume. */
  EVENTS_TTL_S: 3_600,
  TOMBSTONE_TTL_MS: 24 * 3_600 * 1000,
};

/** The constants as Lua's local variables. */
export const LUA_CONSTANTS = Object.entries(CONSTANTS)
  .map(([name, value]) => `local ${name} = ${toLua(value)}\n`)
  .join('');

/** Of plain words and numbers, which JSON writes as Lua does. */
function toLua(value: string | number | readonly string[]): string {
  return typeof value === 'object' ? `{ ${value.map(toLua).join(', ')} }` : JSON.stringify(value);
}
