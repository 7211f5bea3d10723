import { describe, expect, it } from 'vitest';
import { measureMovement, refuseMovement } from './judge-movement.js';

describe('the movement of logits', () => {
  it('is told by its largest and its mean, and in scores', () => {
    const { clips, logit, score } = measureMovement([0, 4], [0.08, 3.96]);
    expect(clips).toBe(2);
    expect(logit.largest).toBeCloseTo(0.08);
    expect(logit.mean).toBeCloseTo(0.06);
    expect(score).toBeCloseTo(0.02, 3);
  });

  it.each([
    [0, 0.099],
    [4, 4.49],
    [-4, -3.51],
  ])('from %d to %d is let through', (before, after) => {
    expect(() => refuseMovement([before], [after], ['a'])).not.toThrow();
  });

  it.each([
    [0, 0.11],
    [4, 4.51],
    [1, Number.NaN],
  ])('from %d to %d is refused, by the clip', (before, after) => {
    const refuse = () => refuseMovement([0, before], [0, after], ['a.clip', 'b.clip']);
    expect(refuse).toThrow(/the held-out b\.clip from .* stay with fp32/);
  });
});
