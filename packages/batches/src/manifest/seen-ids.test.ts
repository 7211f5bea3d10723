import { describe, expect, it } from 'vitest';
import { SeenIds } from './seen-ids.js';

describe('ids that were seen', () => {
  it('are told with their line, however many there are', () => {
    const seen = new SeenIds();
    for (let line = 1; line <= 20_000; line += 1) expect(seen.add(`id ${line}`, line)).toBeNull();
    for (let line = 1; line <= 20_000; line += 997) expect(seen.add(`id ${line}`, 0)).toBe(line);
    expect(seen.add('', 7)).toBeNull();
    expect(seen.add('', 8)).toBe(7);
  });
});
