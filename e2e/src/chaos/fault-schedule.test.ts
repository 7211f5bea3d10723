import { describe, expect, it } from 'vitest';
import { scheduleFaults } from './fault-schedule.js';

const FAULTS = [
  ...['store', 'redis', 'clock', 'scratch', 'slow'].map((id) => ({ id })),
  { id: 'killed', longestMs: 5_000 },
];
const HOUR = 3_600_000;
const schedule = (seed: number, totalMs = HOUR, longestMs = 600_000) =>
  scheduleFaults({ seed, totalMs, longestMs, faults: FAULTS });

describe('scheduleFaults', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(schedule(1)).toEqual(schedule(1));
    expect(schedule(1)).not.toEqual(schedule(2));
  });

  it('has every fault, one after the other with gaps, within the time', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const faults = schedule(seed);
      expect(new Set(faults.map(({ id }) => id))).toEqual(new Set(FAULTS.map(({ id }) => id)));
      for (const [n, { atMs, lastsMs }] of faults.entries()) {
        expect(lastsMs).toBeGreaterThan(0);
        expect(atMs + lastsMs).toBeLessThan(faults[n + 1]?.atMs ?? HOUR);
      }
    }
  });

  it('lets one of them last as long as anything may, and none longer than it can', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const faults = schedule(seed);
      expect(Math.max(...faults.map(({ lastsMs }) => lastsMs))).toBe(600_000);
      for (const { id, lastsMs } of faults) if (id === 'killed') expect(lastsMs).toBeLessThanOrEqual(5_000);
    }
  });

  it('gives each a place in a short run, too', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      expect(new Set(schedule(seed, 120_000).map(({ id }) => id)).size).toBe(FAULTS.length);
    }
  });
});
