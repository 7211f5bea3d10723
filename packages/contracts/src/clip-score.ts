import { z } from 'zod';

/** A clip holds this many consecutive crops of one face track; a crop is this many pixels wide and high. */
export const CLIP_FRAMES = 32;
export const CLIP_SIZE = 256;

/** What the score stage stores for one clip. */
export const ClipScoreSchema = z.object({
  v: z.literal(1),
  logit: z.number(),
  /** 31 steps from frame to frame × 18 style layers: the L2 length of each layer's step. Only with a style bundle. */
  styleFlow: z.array(z.array(z.number())).optional(),
  /** 16 × 16: rows are content tokens, columns style tokens. Only with a style bundle. */
  attention: z.array(z.array(z.number())).optional(),
  /** Size of the tensor batch in which the clip was scored, padding included. */
  batchSize: z.int().min(1),
  provider: z.string(),
  /** The bundle's graph that scored the clip. Absent in scores of older versions. */
  graph: z.string().optional(),
  /** Name and version of what ran the graph. Absent in scores of older versions. */
  runtime: z.string().optional(),
});
export type ClipScore = z.infer<typeof ClipScoreSchema>;
