import { z } from 'zod';

/**
 * The bundle a job is fixed to. `threshold`, `trained` and calibration are facts of that digest, kept with the job so that
 * `finish` needs no bundle file.
 */
export const BundleFactsSchema = z.object({
  id: z.string(),
  digest: z.string(),
  variant: z.enum(['content', 'style-content', 'custom']),
  precision: z.enum(['fp32', 'fp16']),
  trained: z.boolean(),
  threshold: z.number(),
  calibration: z.object({ a: z.number(), b: z.number() }),
});
export type BundleFacts = Readonly<z.infer<typeof BundleFactsSchema>>;
