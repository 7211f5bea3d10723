/** Platt scaling of a bundle's logits, fitted on labelled videos. `{a: 1, b: 0}` changes nothing. */
export interface Calibration {
  readonly a: number;
  readonly b: number;
}

/** The logistic function. It never takes the exponential of a positive number, so it cannot overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/**
 * Turns a logit into a score, 0..1: σ(a·logit + b).
 * @throws RangeError for a logit that is not finite, since such a clip has no score and must not lead to a verdict.
 */
export function calibrate(logit: number, { a, b }: Calibration): number {
  if (!Number.isFinite(logit)) throw new RangeError(`a logit must be finite, not ${logit}`);
  return sigmoid(a * logit + b);
}
