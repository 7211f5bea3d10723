import { z } from 'zod';

/** What a client may choose for one job; the defaults are the original service's. */
export const JobOptionsSchema = z.strictObject({
  maxFrames: z.int().min(0).max(500_000).default(110).describe('Frames to look at; 0 = the whole video.'),
  sampling: z
    .enum(['head', 'spread'])
    .default('head')
    .describe('`head`: the first frames. `spread`: floor(maxFrames/32) windows of 32 frames evenly over the duration.'),
  faces: z.enum(['all', 'primary']).default('all').describe('`primary`: only the face with most screen time.'),
  bundle: z.string().min(1).max(200).optional().describe('A model bundle id; fixed to its digest at submission.'),
  priority: z.int().min(0).max(9).default(5).describe('9 first.'),
  keepCrops: z.boolean().default(false).describe('Keep the lossless clips after scoring, for the media retention.'),
});
export type JobOptions = z.infer<typeof JobOptionsSchema>;
