import type { Prepared, Stability, Verdict } from '@styleflow/contracts';
import { type EncodedView, judgeStability, trackScore } from '@styleflow/scoring';
import type { JudgedScores } from './judged-scores.js';

type Sheet = JudgedScores['scores'];

/**
 * What one bundle makes of the clips' re-encodings; undefined where none were asked for.
 * @param plain what it makes of the clips themselves
 * @param judge the verdict by the scores of all faces, as that of the clips themselves was reached
 */
export function stabilityOf(
  { tracks }: Pick<Prepared, 'tracks'>,
  { bundle, scores, variants }: JudgedScores,
  plain: Pick<EncodedView, 'verdict' | 'faces'>,
  judge: (faces: EncodedView['faces']) => Verdict,
): Stability | undefined {
  if (variants === undefined) return undefined;
  const viewIn = (sheet: Sheet): EncodedView => {
    const faces = tracks.map(({ track, clips }) => {
      const logits = clips.map(({ index }) => sheet.of(track, index)?.logit ?? null);
      return { track, score: trackScore(logits, bundle.calibration) };
    });
    return { verdict: judge(faces), faces, scored: sheet.scored };
  };
  const views = { h264: viewIn(variants.h264), half: viewIn(variants.half) };
  return judgeStability({ ...plain, scored: scores.scored }, views, scores.planned);
}
