import { type AdmissionWindow, chooseAdmissions } from './choose-admissions.js';
import { type SimulatedEntry, SimulatedTurns } from './test-turns.js';

export interface SimulatedOwner {
  readonly owner: string;
  readonly items: number;
  /** When a single job of this owner comes, in units of time. */
  readonly singlesAt?: readonly number[];
}

interface Running extends SimulatedEntry {
  readonly cameAt: number;
  /** Jobs that others began between its coming and its beginning. */
  overtakenBy: number;
  endsAt: number;
}

export interface SimulationOutcome {
  /** When the last job of each owner's batch ended. */
  readonly endOf: ReadonlyMap<string, number>;
  /** How many jobs each owner had begun at each moment: one row for each begun job. */
  readonly shares: readonly (readonly [at: number, owner: string])[];
  /** Of each single job: how many other jobs began before it after it had come, and how long it waited. */
  readonly singles: readonly { readonly owner: string; readonly overtakenBy: number; readonly waited: number }[];
  /** Most jobs that were in the queue or under way at once. */
  readonly mostOpen: number;
}

/** The admission as its loop runs it, a queue by turns, and slots that take from it. `lengthOf` says how long the next job takes. */
export function simulate(
  owners: readonly SimulatedOwner[],
  slots: number,
  window: AdmissionWindow,
  lengthOf: () => number,
): SimulationOutcome {
  const queue = new SimulatedTurns<Running>();
  const left = new Map(owners.map(({ owner, items }) => [owner, items]));
  const open = new Map<string, number>();
  const endOf = new Map<string, number>();
  const shares: [number, string][] = [];
  const singles: SimulationOutcome['singles'][number][] = [];
  const coming = owners
    .flatMap(({ owner, singlesAt = [] }) => singlesAt.map((at) => ({ owner, at })))
    .sort((one, other) => one.at - other.at);
  let running: Running[] = [];
  let waiting: Running[] = [];
  let lastOwner: string | undefined;
  let mostOpen = 0;
  const enter = (entry: Running): void => {
    queue.add(entry);
    if (!entry.ofBatch) waiting.push(entry);
  };

  for (let now = 0; ; ) {
    const scopes = owners.map(({ owner }) => ({
      ...{ batch: owner, owner, priority: 5, unscoredClips: 0 },
      waiting: left.get(owner) ?? 0,
      open: open.get(owner) ?? 0,
    }));
    for (const { owner, jobs } of chooseAdmissions(scopes, window, lastOwner)) {
      lastOwner = `${owner}\0`;
      left.set(owner, (left.get(owner) ?? 0) - jobs);
      open.set(owner, (open.get(owner) ?? 0) + jobs);
      for (let count = 0; count < jobs; count += 1)
        enter({ owner, ofBatch: true, cameAt: now, overtakenBy: 0, endsAt: 0 });
    }
    while (running.length < slots) {
      const next = queue.take();
      if (next === null) break;
      next.endsAt = now + lengthOf();
      running.push(next);
      shares.push([now, next.owner]);
      waiting = waiting.filter((each) => each !== next);
      for (const each of waiting) each.overtakenBy += 1;
      if (!next.ofBatch) singles.push({ owner: next.owner, overtakenBy: next.overtakenBy, waited: now - next.cameAt });
    }
    mostOpen = Math.max(mostOpen, queue.size + running.length);
    const ends = Math.min(...running.map(({ endsAt }) => endsAt));
    now = Math.min(ends, coming[0]?.at ?? Number.POSITIVE_INFINITY);
    if (!Number.isFinite(now)) return { endOf, shares, singles, mostOpen };
    while (coming[0] !== undefined && coming[0].at <= now) {
      const { owner } = coming.shift() ?? { owner: '' };
      enter({ owner, ofBatch: false, cameAt: now, overtakenBy: 0, endsAt: 0 });
    }
    for (const { owner, ofBatch, endsAt } of running) {
      if (endsAt > now || !ofBatch) continue;
      open.set(owner, (open.get(owner) ?? 0) - 1);
      endOf.set(owner, now);
    }
    running = running.filter(({ endsAt }) => endsAt > now);
  }
}

/** When each owner's batch would end if the slots were shared evenly, down to fractions of a job, among those who have work left. */
export function idealEnds(sizes: readonly number[], slots: number, meanLength: number): number[] {
  const order = sizes.map((size, at) => ({ size, at })).sort((one, other) => one.size - other.size);
  const ends: number[] = [];
  let now = 0;
  let done = 0;
  for (const [place, { size, at }] of order.entries()) {
    now += ((size - done) * meanLength * (order.length - place)) / slots;
    done = size;
    ends[at] = now;
  }
  return ends;
}

/** The same numbers from 0 to 1 in every run: a linear congruence, good enough for lengths. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
