import { setTimeout as pause } from 'node:timers/promises';
import { askRedis, type RedisServer } from '@styleflow/testing';

/** What befell an entry, as Redis noted it. `added`: it waits; `active`: a slot took it; `completed`: it is done. */
export interface EntryEvent {
  readonly entry: string;
  readonly event: string;
  /** By the clock of Redis. */
  readonly atMs: number;
}

export interface TurnsWatch {
  readonly events: readonly EntryEvent[];
  /** Whether Redis dropped events before they were read. Then counts are too low. */
  readonly hasGaps: () => boolean;
  stop(): Promise<void>;
}

/** The stream holds about the last hundred events. */
const LOOK_MS = 60;

/** Reads the events of a queue as they are written, in the order in which Redis made the changes. */
export function watchTurns({ port }: Pick<RedisServer, 'port'>, queue: string): TurnsWatch {
  const key = `{styleflow}:${queue}:events`;
  const events: EntryEvent[] = [];
  let last: string | null = null;
  let hasGaps = false;
  let isStopping = false;

  async function look(): Promise<void> {
    if (last === null) {
      const newest = await askRedis(port, ['XREVRANGE', key, '+', '-', 'COUNT', '1']);
      last = idsOf(newest)[0] ?? '0-0';
      return;
    }
    const oldest = idsOf(await askRedis(port, ['XRANGE', key, '-', '+', 'COUNT', '1']))[0];
    if (oldest !== undefined && last !== '0-0' && comesAfter(oldest, last)) hasGaps = true;
    const answer = await askRedis(port, ['XRANGE', key, `(${last}`, '+', 'COUNT', '1000']);
    for (const item of Array.isArray(answer) ? answer : []) {
      if (!Array.isArray(item)) continue;
      const [id, flat] = item;
      const fields = fieldsOf(Array.isArray(flat) ? flat.map(String) : []);
      last = String(id);
      const { jobId: entry = '', event = '' } = fields;
      events.push({ entry, event, atMs: Number(last.split('-')[0]) });
    }
  }

  const watching = (async (): Promise<void> => {
    while (!isStopping) {
      await look().catch(() => undefined);
      await pause(LOOK_MS);
    }
  })();
  return {
    events,
    hasGaps: () => hasGaps,
    async stop() {
      isStopping = true;
      await watching;
    },
  };
}

const idsOf = (answer: unknown): string[] =>
  Array.isArray(answer) ? answer.map((item: unknown) => (Array.isArray(item) ? String(item[0]) : '')) : [];

function fieldsOf(flat: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let at = 0; at + 1 < flat.length; at += 2) fields[flat[at] ?? ''] = flat[at + 1] ?? '';
  return fields;
}

/** Ids of a stream: `MS-N`. */
function comesAfter(one: string, other: string): boolean {
  const [oneMs = 0, oneN = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherN = 0] = other.split('-').map(Number);
  return oneMs > otherMs || (oneMs === otherMs && oneN > otherN);
}

export interface Turn {
  /** Ms from its arrival until a slot took it. */
  readonly waitedMs: number;
  /** Entries of others that a slot had when it arrived: nobody can go before these. */
  readonly heldAtArrival: number;
  /** Entries of each other owner that a slot took between its arrival and its own turn. */
  readonly takenBefore: Readonly<Record<string, number>>;
}

/**
 * The turn of an entry among all others of its queue; null where it was not seen from its arrival to its turn.
 * @param sinceMs when it came to the system, by the clock of Redis, where it may have waited before it was added; absent: as it was added
 */
export function turnOf(
  events: readonly EntryEvent[],
  entry: string,
  ownerOf: (entry: string) => string,
  sinceMs?: number,
): Turn | null {
  const added = events.findIndex((each) => each.entry === entry && ARRIVALS.has(each.event));
  const came = sinceMs === undefined ? added : events.findIndex(({ atMs }) => atMs >= sinceMs);
  const arrival = Math.min(added, came);
  const start = events.findIndex((each, at) => at > arrival && each.entry === entry && each.event === 'active');
  if (arrival < 0 || start < 0) return null;
  const held = new Set<string>();
  for (const each of events.slice(0, arrival)) {
    if (each.event === 'active') held.add(each.entry);
    else held.delete(each.entry);
  }
  const takenBefore: Record<string, number> = {};
  for (const each of events.slice(arrival, start)) {
    if (each.event !== 'active') continue;
    const owner = ownerOf(each.entry);
    takenBefore[owner] = (takenBefore[owner] ?? 0) + 1;
  }
  const [from, to] = [sinceMs ?? events[arrival]?.atMs ?? 0, events[start]?.atMs ?? 0];
  return { waitedMs: to - from, heldAtArrival: held.size, takenBefore };
}

const ARRIVALS: ReadonlySet<string> = new Set(['added', 'waiting']);
