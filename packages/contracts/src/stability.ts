import { z } from 'zod';
import { CLIP_VARIANTS, type ClipVariant } from './clip-variant.js';
import { readUnknownAs } from './newer-words.js';

/** The re-encodings in which the clips of a job are scored once more; of most jobs none. */
export function variantsOf({ stability }: { readonly stability?: boolean | undefined }): readonly ClipVariant[] {
  return stability === true ? CLIP_VARIANTS : [];
}

export const STABILITY_STATES = ['stable', 'unstable', 'unknown', 'no_verdict'] as const;

const ScoreSchema = z.number().min(0).max(1).nullable();

const EncodedScoresSchema = z.object({
  plain: ScoreSchema.describe('Of the clips as they were cut.'),
  h264: ScoreSchema.describe('Of the same clips after H.264 at a usual rate; null where it is not known.'),
  half: ScoreSchema.describe('Of the same clips after half size and back; null where it is not known.'),
});
export type EncodedScores = z.infer<typeof EncodedScoresSchema>;

const SpreadSchema = ScoreSchema.describe(
  'The highest of the three scores less the lowest; null unless all are known.',
);
const LabelSchema = z.enum(['fake', 'real', 'inconclusive']).nullable();

/** How far scores and verdict hold when the clips are encoded anew, mildly. It tells of these two re-encodings and of no others. */
export const StabilitySchema = z.object({
  state: readUnknownAs(STABILITY_STATES, 'unknown', z.enum(STABILITY_STATES)).describe(
    '`stable`: all three give the same label. `unstable`: one gives another; the verdict is then `inconclusive`. `unknown`: less than 80 % of the clips of a re-encoding could be scored, so the verdict could not be checked and is `inconclusive`, too. `no_verdict`: there was none to check.',
  ),
  scores: EncodedScoresSchema.describe('The score of the video.'),
  spread: SpreadSchema,
  labels: z
    .object({ plain: LabelSchema, h264: LabelSchema, half: LabelSchema })
    .describe('What each would be called by itself; null where it is not known.'),
  clips: z
    .object({ planned: z.int().min(0), h264: z.int().min(0), half: z.int().min(0) })
    .describe('How many clips there are, and how many were scored after each re-encoding.'),
  faces: z.array(z.object({ track: z.int().min(0), scores: EncodedScoresSchema, spread: SpreadSchema })),
});
export type Stability = z.infer<typeof StabilitySchema>;
