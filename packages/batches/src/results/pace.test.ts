import { describe, expect, it } from 'vitest';
import { paceOf } from './pace.js';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const MINUTE = 60_000;

const batch = (succeeded: number, total = 10_000) => ({
  status: 'running' as const,
  cancelRequested: false,
  counts: { total, queued: total - succeeded, preparing: 0, scoring: 0, succeeded, failed: 0, canceled: 0 },
  pace: null,
  startedAt: new Date(START).toISOString(),
});

const hours = (range: { from: string; to: string } | null, now: number): number[] =>
  range === null ? [] : [range.from, range.to].map((time) => (Date.parse(time) - now) / 3_600_000);

describe('the pace of a batch', () => {
  it('is unknown before enough has ended, and promises nothing', () => {
    expect(paceOf(batch(0), START + MINUTE)).toEqual({ throughput: { itemsPerHour: null }, eta: null });
    expect(paceOf(batch(4), START + MINUTE).eta).toBeNull();
  });

  it('gives a range around what is left at this pace, narrower the more has ended', () => {
    const now = START + 60 * MINUTE;
    const { throughput, eta } = paceOf(batch(1_000), now);
    expect(throughput.itemsPerHour).toBe(1_000);
    const [from = 0, to = 0] = hours(eta, now);
    expect(from).toBeLessThan(9);
    expect(to).toBeGreaterThan(9);
    expect(to - from).toBeLessThan(1.5);
    const [early = 0, late = 0] = hours(paceOf(batch(9, 90), now).eta, now);
    expect(late / early).toBeGreaterThan(2);
  });

  it('spans a present pace that differs from the one since the start', () => {
    const now = START + 60 * MINUTE;
    const slow = { fromMs: now - MINUTE, fromEnded: 995, toMs: now - MINUTE / 2, toEnded: 998 };
    const { throughput, eta } = paceOf({ ...batch(1_000), pace: slow }, now);
    expect(throughput.itemsPerHour).toBe(300);
    const [from = 0, to = 0] = hours(eta, now);
    expect([from < 9, to > 30]).toEqual([true, true]);
  });

  it('has no end to foretell once it is over or canceled', () => {
    expect(paceOf({ ...batch(1_000), cancelRequested: true }, START + MINUTE).eta).toBeNull();
    expect(paceOf({ ...batch(10_000), status: 'ended' }, START + MINUTE)).toMatchObject({ eta: null });
  });
});
