import { type CustodyEntry, CustodyEntrySchema } from '@styleflow/contracts';
import { canonicalJson } from '../canonical/canonical-json.js';
import { type CustodyNote, custodyHash, custodyRoot } from './custody-entry.js';

/** Most entries of one log, some 400 bytes each. */
export const CUSTODY_ENTRIES_MAX = 1_000;

/** The entries for further notes, as lines of canonical JSON. `last` is the last line of the log so far, if it has any. */
export function extendCustody(job: string, last: string | undefined, notes: readonly CustodyNote[]): string[] {
  const before = last === undefined ? null : CustodyEntrySchema.parse(JSON.parse(last));
  let [n, prev] = before === null ? [0, custodyRoot(job)] : [before.n, before.hash];
  return notes.map(({ at, event, by, facts = {} }) => {
    n += 1;
    const open = { n, at: new Date(at).toISOString(), event, by, facts, prev };
    prev = custodyHash(open);
    return canonicalJson({ ...open, hash: prev });
  });
}

export interface CustodyReading {
  readonly entries: readonly CustodyEntry[];
  /** The hash of the last entry; of an empty log its root. */
  readonly head: string;
  /** What does not hold, by entry; empty when every entry follows the one before. */
  readonly faults: readonly string[];
}

/** Reads a log line by line and verifies its chain. */
export function readCustody(job: string, lines: readonly string[]): CustodyReading {
  const entries: CustodyEntry[] = [];
  const faults: string[] = [];
  let prev = custodyRoot(job);
  for (const [index, line] of lines.entries()) {
    const entry = parseEntry(line);
    if (entry === null) {
      faults.push(`entry ${index + 1} cannot be read`);
      continue;
    }
    const { hash, ...open } = entry;
    if (entry.n !== index + 1) faults.push(`entry ${index + 1} says that it is number ${entry.n}`);
    if (custodyHash(open) !== hash) faults.push(`entry ${index + 1} is not what its hash says`);
    if (entry.prev !== prev) faults.push(`entry ${index + 1} does not follow the one before it`);
    prev = hash;
    entries.push(entry);
  }
  return { entries, head: prev, faults };
}

function parseEntry(line: string): CustodyEntry | null {
  try {
    const entry = CustodyEntrySchema.parse(JSON.parse(line));
    // Another spelling of the same entry would be another file.
    return canonicalJson(entry) === line ? entry : null;
  } catch {
    return null;
  }
}
