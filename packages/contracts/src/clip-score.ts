import { z } from 'zod';

/** Consecutive crops of one face track in a clip, and the width and height of each in pixels. */
export const CLIP_FRAMES = 32;
export const CLIP_SIZE = 256;

/** What the score stage stores for one clip. */
export const ClipScoreSchema = z.object({
  v: z.literal(1),
  logit: z.number(),
  /** 31 × 18: the L2 length of each style layer's step from frame to frame. Present with a style bundle. */
  styleFlow: z.array(z.array(z.number())).optional(),
  /** 16 × 16: rows are content tokens, columns style tokens. Present with a style bundle. */
  attention: z.array(z.array(z.number())).optional(),
  /** Clips in the tensor batch that it was scored in, after padding. */
  batchSize: z.int().min(1),
  provider: z.string(),
});
export type ClipScore = z.infer<typeof ClipScoreSchema>;
