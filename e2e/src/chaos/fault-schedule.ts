import { pickFrom, seededRandom, shuffled } from '@styleflow/testing';

export interface ScheduledFault {
  readonly id: string;
  /** Since the start of the load. */
  readonly atMs: number;
  readonly lastsMs: number;
  /** Seed of what the fault itself draws, such as which worker it meets. */
  readonly seed: number;
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly totalMs: number;
  /** The longest that anything is away. */
  readonly longestMs: number;
  readonly faults: readonly { readonly id: string; readonly longestMs?: number }[];
}

const LEAD_MS = 3_000;
const GAP_SHARE = 0.2;
/** Nothing shorter is noticed by anyone. */
const SHORTEST_MS = 1_000;

/**
 * When each fault begins and how long it lasts: a function of its arguments alone. Every fault comes once, in a drawn
 * order, one after the other with gaps between, and one of those that may last lasts as long as anything may. Time that is
 * left then is filled with more of them. They end before the run does.
 */
export function scheduleFaults({ seed, totalMs, longestMs, faults }: ScheduleOptions): ScheduledFault[] {
  if (faults.length === 0) return [];
  const random = seededRandom(seed, 'schedule');
  const deck = shuffled(faults, random);
  const lasting = deck.filter((fault) => (fault.longestMs ?? longestMs) >= longestMs);
  const longest = lasting.length === 0 ? null : pickFrom(lasting, random);
  const room = totalMs - 2 * LEAD_MS;
  // No single one may take so much that the others have no room.
  const longestOfAll = Math.min(longestMs, room / 3);
  const share = ((room - (longest === null ? 0 : longestOfAll)) * (1 - GAP_SHARE)) / deck.length;
  const schedule: ScheduledFault[] = [];
  let atMs = LEAD_MS;
  const place = (fault: (typeof faults)[number]): boolean => {
    const wanted =
      fault === longest && !schedule.some(({ id }) => id === fault.id) ? longestOfAll : share * (0.4 + random());
    const lastsMs = Math.round(Math.max(SHORTEST_MS, Math.min(wanted, fault.longestMs ?? longestMs, longestMs)));
    if (atMs + lastsMs > totalMs - LEAD_MS) return false;
    schedule.push({ id: fault.id, atMs: Math.round(atMs), lastsMs, seed: Math.floor(random() * 2 ** 31) });
    atMs += lastsMs + Math.max(SHORTEST_MS / 2, ((share * GAP_SHARE) / (1 - GAP_SHARE)) * (0.5 + random()));
    return true;
  };
  for (const fault of deck) if (!place(fault)) return schedule;
  while (place(pickFrom(faults, random)));
  return schedule;
}
