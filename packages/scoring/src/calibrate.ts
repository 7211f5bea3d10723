/** Platt scaling of a bundle's logits, fitted on labelled videos; `{a: 1, b: 0}` leaves the plain sigmoid. */
export interface Calibration {
  readonly a: number;
  readonly b: number;
}

/** The logistic function without overflow: the exponent is never positive. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/**
 * A logit (any real number) as a score in 0..1: σ(a·logit + b).
 * @throws RangeError for a logit that is not finite: such a clip has no score and must not become a verdict.
 */
export function calibrate(logit: number, { a, b }: Calibration): number {
  if (!Number.isFinite(logit)) throw new RangeError(`a logit must be finite, not ${logit}`);
  return sigmoid(a * logit + b);
}
