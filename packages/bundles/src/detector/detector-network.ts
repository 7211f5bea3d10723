import { z } from 'zod';

const LONGEST_SIDE = 4096;
const LARGEST_STRIDE = 256;
/** Most grids of cells that a detector may have. */
export const MOST_STRIDES = 8;

const side = z.int().min(1).max(LONGEST_SIDE);
const score = z.number().min(0).max(1);

/**
 * The size of what the network sees: [height, width], or each frame's own, filled up to whole cells of the largest
 * stride.
 */
export const SeenSizeSchema = z.union(
  [z.literal('native'), z.tuple([side, side])],
  `"native" or [height, width], each 1 to ${LONGEST_SIDE}`,
);
export const StridesSchema = z
  .array(z.int().min(1).max(LARGEST_STRIDE))
  .min(1)
  .max(MOST_STRIDES)
  .refine(
    (strides) => strides.every((stride, at) => stride > (strides[at - 1] ?? 0) && Math.max(...strides) % stride === 0),
    'strides must rise, and each must divide the largest',
  );
export const ScoreKindSchema = z.enum(['probability', 'logit']);

export const HeadThresholdsSchema = z.object({
  minScore: score.describe('Weakest face that is reported.'),
  startScore: score.describe('A face must be this sure to begin a track; surer than to continue one.'),
  meanScore: score.describe('Mean score below which a whole track is taken for a false detection.'),
  overlap: score.describe('Overlap (IoU) above which the weaker of two boxes is dropped.'),
  maxCandidates: z.int().min(1).describe('Proposals looked at, best first.'),
  maxFaces: z.int().min(1).describe('Faces reported of one frame, best first.'),
});
export type HeadThresholds = z.infer<typeof HeadThresholdsSchema>;
