import { type Calibration, calibrate } from './calibrate.js';

/**
 * A track's score: the calibrated mean of its clips' logits.
 * The mean is taken before the sigmoid, as the original service does, so one saturated clip cannot outweigh the others
 * by more than its logit. Clips that could not be scored are left out; null when none was.
 */
export function trackScore(clipLogits: readonly (number | null)[], calibration: Calibration): number | null {
  const logits = clipLogits.filter((logit) => logit !== null);
  if (logits.length === 0) return null;
  const sum = logits.reduce((total, logit) => total + logit, 0);
  return calibrate(sum / logits.length, calibration);
}

/** A job's score: one manipulated face makes a manipulated video, so the highest track counts; null without a scored track. */
export function jobScore(trackScores: readonly (number | null)[]): number | null {
  return trackScores.reduce((highest, score) => {
    if (highest === null) return score;
    return score === null ? highest : Math.max(highest, score);
  }, null);
}
