import { z } from 'zod';
import type { Source } from './source.js';

export const DetectionSchema = z.enum(['adaptive', 'dense']);
/** How often faces are looked for. */
export type DetectionMode = z.infer<typeof DetectionSchema>;

/** Model bundles that may give an opinion on one job. */
export const BUNDLES_MAX = 4;

/** How the opinions of several bundles become one verdict (see `combineOpinions` of the package scoring). */
export const CombineSchema = z.enum(['mean', 'majority', 'any']);
export type Combine = z.infer<typeof CombineSchema>;

/** What a client may choose for one job; the defaults are the original service's, but for `detection`. */
export const JobOptionsSchema = z.strictObject({
  maxFrames: z.int().min(0).max(500_000).default(110).describe('Frames to look at; 0 = the whole video.'),
  sampling: z
    .enum(['head', 'spread'])
    .default('head')
    .describe('`head`: the first frames. `spread`: floor(maxFrames/32) windows of 32 frames evenly over the duration.'),
  faces: z.enum(['all', 'primary']).default('all').describe('`primary`: only the face with most screen time.'),
  detection: DetectionSchema.default('adaptive').describe(
    '`dense`: faces are looked for in every frame. `adaptive`: less often where the same faces move straight on; crops differ by fractions of a pixel.',
  ),
  bundle: z.string().min(1).max(200).optional().describe('A model bundle id; fixed to its digest at submission.'),
  bundles: z
    .array(z.string().min(1).max(200))
    .min(1)
    .max(BUNDLES_MAX)
    .optional()
    .describe(
      `Instead of \`bundle\`: the ids of up to ${BUNDLES_MAX} different bundles. Clips are cut once, each bundle scores them, and the result holds every opinion and the combined one.`,
    ),
  combine: CombineSchema.optional().describe(
    'With `bundles`. `mean`: of calibrated log odds, the default where all bundles are calibrated, and refused otherwise. `majority`: the default else. `any`: fake when one says so.',
  ),
  stability: z
    .boolean()
    .optional()
    .describe(
      'Score every clip three times: as it was cut, after H.264 at a usual rate, and after half size and back. A verdict that is not the same each time becomes `inconclusive`, `unstable`. Default: false.',
    ),
  priority: z.int().min(0).max(9).default(5).describe('9 first.'),
  keepCrops: z.boolean().default(false).describe('Keep the lossless clips after scoring, for the media retention.'),
  preview: z
    .boolean()
    .optional()
    .describe(
      'Keep a small, upright video of what was looked at, for the media retention. Default: true for uploads, else false.',
    ),
  keepSource: z
    .boolean()
    .default(false)
    .describe(
      'Keep the video itself for the media retention; else an upload is deleted after a success, once its record has left Redis.',
    ),
});
export type JobOptions = z.infer<typeof JobOptionsSchema>;

/** Whether a job keeps a small video of what was looked at: asked for, or by its source's kind. */
export function keepsPreview({ preview }: Pick<JobOptions, 'preview'>, source: Pick<Source, 'type'>): boolean {
  return preview ?? source.type === 'upload';
}
