import type { Calibration } from '@styleflow/contracts';

/** The logistic function. It never takes the exponential of a positive number, so it cannot overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/**
 * Turns a logit into a score, 0..1: σ(a·logit + b), or along the points of an isotonic calibration.
 * @throws RangeError for a logit that is not finite, since such a clip has no score and must not lead to a verdict.
 */
export function calibrate(logit: number, calibration: Calibration): number {
  if (!Number.isFinite(logit)) throw new RangeError(`a logit must be finite, not ${logit}`);
  if ('points' in calibration) return alongPoints(logit, calibration.points);
  return sigmoid(calibration.a * logit + calibration.b);
}

function alongPoints(logit: number, points: readonly (readonly [number, number])[]): number {
  const next = points.findIndex(([x]) => x >= logit);
  const [before, after] = [points[next === -1 ? points.length - 1 : next - 1], points[next]];
  if (after === undefined || before === undefined) return (after ?? before)?.[1] ?? 0.5;
  const part = (logit - before[0]) / (after[0] - before[0]);
  // The end of a step is its point to the last digit: thresholds stand on such scores.
  return part === 1 ? after[1] : before[1] + part * (after[1] - before[1]);
}
