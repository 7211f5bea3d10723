import type { Calibration } from '@styleflow/contracts';
import { calibrate } from './calibrate.js';

/**
 * A track's score: the mean of its clips' logits, calibrated. As in the original service the mean is taken before the
 * sigmoid. Clips that could not be scored are left out.
 * @returns null when no clip was scored.
 */
export function trackScore(clipLogits: readonly (number | null)[], calibration: Calibration): number | null {
  const logits = clipLogits.filter((logit) => logit !== null);
  if (logits.length === 0) return null;
  const sum = logits.reduce((total, logit) => total + logit, 0);
  return calibrate(sum / logits.length, calibration);
}

/**
 * A job's score is that of its highest track, since one manipulated face makes a manipulated video. Null without a
 * score.
 */
export function jobScore(trackScores: readonly (number | null)[]): number | null {
  return trackScores.reduce((highest, score) => {
    if (highest === null) return score;
    return score === null ? highest : Math.max(highest, score);
  }, null);
}
