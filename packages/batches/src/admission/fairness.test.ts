import { describe, expect, it } from 'vitest';
import { idealEnds, randomOf, type SimulatedOwner, simulate } from './test-simulation.js';
import { SimulatedTurns } from './test-turns.js';

const SLOTS = 8;
const WINDOW = { jobs: 64, clips: 512, allJobs: 4_096, round: 64 };
/** Ten owners, three orders of magnitude apart. */
const SIZES = [4, 8, 16, 40, 80, 160, 400, 800, 1_600, 4_000];
const owners: SimulatedOwner[] = SIZES.map((items, at) => ({ owner: `owner ${at}`, items }));
/** Jobs take 1 to 19 units, 10 on the average. */
const lengths = (seed: number) => {
  const random = randomOf(seed);
  return () => 1 + 18 * random();
};

describe('the fairness of admission and turns, with ten owners whose batches differ a thousandfold', () => {
  it('ends every batch close to when it would end if the slots were shared evenly', () => {
    const { endOf } = simulate(owners, SLOTS, WINDOW, lengths(7));
    const ideal = idealEnds(SIZES, SLOTS, 10);
    const lines = SIZES.map((items, at) => ({ items, ideal: ideal[at] ?? 0, end: endOf.get(`owner ${at}`) ?? 0 }));
    for (const { items, ideal: even, end } of lines) {
      // The last job of a small batch may be a long one, and waits for the slots of one turn.
      expect(end, `${items} items`).toBeLessThanOrEqual(even * 1.1 + 19 + 19);
    }
  });

  it('gives owners who have work the same at any time: Jain’s index stays above 0.99', () => {
    const { shares, endOf } = simulate(owners, SLOTS, WINDOW, lengths(11));
    const busy = owners.slice(5).map(({ owner }) => owner);
    // As long as the five longest batches run: of 50 jobs of theirs ten are each one's.
    const begun = shares.filter(([at, owner]) => busy.includes(owner) && at < (endOf.get('owner 5') ?? 0) - 20);
    expect(begun.length).toBeGreaterThan(700);
    for (let from = 0; from + 50 <= begun.length; from += 10) {
      const counts = busy.map((owner) => begun.slice(from, from + 50).filter(([, of]) => of === owner).length);
      const squares = counts.reduce((sum, count) => sum + count * count, 0);
      expect((50 * 50) / (busy.length * squares), `jobs ${from} and on`).toBeGreaterThan(0.99);
    }
  });

  it('begins a single job of another owner with the next slot that frees, whatever stands in batches', () => {
    const random = randomOf(3);
    const guest = {
      owner: 'guest',
      items: 0,
      singlesAt: Array.from({ length: 40 }, (_, at) => at * 100 + 50 * random()),
    };
    const { singles } = simulate([...owners, guest], SLOTS, WINDOW, lengths(13));
    expect(singles).toHaveLength(40);
    expect(singles.map(({ overtakenBy }) => overtakenBy)).toEqual(singles.map(() => 0));
    // Eight slots of jobs of at most 19 units.
    expect(Math.max(...singles.map(({ waited }) => waited))).toBeLessThanOrEqual(19);
  });

  it('begins an owner’s own single job within one turn of the others, however long its batch is', () => {
    const mixed = owners.map((each, at) => (at === 9 ? { ...each, singlesAt: [100, 500, 900, 2_000] } : each));
    const { singles } = simulate(mixed, SLOTS, WINDOW, lengths(17));
    for (const { overtakenBy } of singles) expect(overtakenBy).toBeLessThan(SIZES.length);
  });

  it('holds no more than the windows, however much waits', () => {
    const { mostOpen } = simulate(owners, SLOTS, WINDOW, lengths(19));
    expect(mostOpen).toBeLessThanOrEqual(SIZES.length * WINDOW.jobs);
  });

  it.each([1, 2, 5, 9])(
    'lets clips of a single job wait for two tensor batches for each of %d competing owners at the most',
    (count) => {
      for (const maxBatch of [1, 4, 8, 16]) {
        for (const clips of [1, 3, 4]) {
          const waited = waitsOfClips(count, maxBatch, clips);
          // From when a clip is its owner's next one: when it comes, or the one before it begins.
          expect(Math.max(...waited), `${clips} clips, batches of ${maxBatch}`).toBeLessThanOrEqual(2 * count);
        }
      }
    },
  );
});

/**
 * How many tensor batches begin before each clip of a single job, from when it is its owner's next one, while `count` owners have
 * endless clips waiting. The worker holds three: one runs, one is stacked, one is fetched; it takes clips as one ends.
 */
function waitsOfClips(count: number, maxBatch: number, clips: number): number[] {
  const queue = new SimulatedTurns<{ owner: string; ofBatch: boolean; clip: number }>();
  for (let each = 0; each < 400 * maxBatch; each += 1)
    queue.add({ owner: `owner ${each % count}`, ofBatch: true, clip: -1 });
  const take = (): number[] => Array.from({ length: maxBatch }, () => queue.take()?.clip ?? -1);
  const held = [take(), take(), take()];
  // The first of them has just begun.
  held.shift();
  for (let clip = 0; clip < clips; clip += 1) queue.add({ owner: 'guest', ofBatch: false, clip });
  const waited: number[] = [];
  for (let begun = 0, since = 0; waited.length < clips; begun += 1) {
    held.push(take());
    const batch = held.shift() ?? [];
    for (const clip of batch) {
      if (clip === -1) continue;
      waited[clip] = Math.max(0, begun - since);
      since = begun;
    }
  }
  return waited;
}
