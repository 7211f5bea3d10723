import { describe, expect, it } from 'vitest';
import { RateFloor } from './rate-floor.js';

describe('a rate floor of 1,000 bytes a second over spans of 30 s', () => {
  const floor = (): RateFloor => new RateFloor({ minBytesPerSecond: 1_000, windowMs: 30_000 });

  it('lets a sender that is exactly as fast pass for ever', () => {
    const rate = floor();
    for (let second = 0; second < 300; second++) expect(rate.add(1_000, 1_000)).toBe(true);
  });

  it('says nothing of a dripping sender within the grace, and refuses it at its end', () => {
    const rate = floor();
    for (let second = 1; second < 30; second++) expect(rate.add(1, 1_000)).toBe(true);
    expect(rate.add(1, 1_000)).toBe(false);
  });

  it('refuses a sender that begins fast and then drips, however much came at first', () => {
    const rate = floor();
    expect(rate.add(1_000_000_000, 30_000)).toBe(true);
    const seconds = Array.from({ length: 30 }, () => rate.add(1, 1_000));
    expect(seconds.indexOf(false)).toBe(29);
  });

  it('counts only the time that was waited for the sender', () => {
    const rate = floor();
    for (let chunk = 0; chunk < 1_000; chunk++) expect(rate.add(1, 0)).toBe(true);
  });

  it('takes a span that one long silence made longer for as long as it was', () => {
    expect(floor().add(59_000, 60_000)).toBe(false);
    expect(floor().add(60_000, 60_000)).toBe(true);
  });
});
