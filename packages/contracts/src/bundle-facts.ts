import { z } from 'zod';

/** On what a bundle's calibration was measured. A bundle without it was never calibrated on labelled videos. */
export const CalibratedOnSchema = z.object({
  run: z.string().describe('The run of the evaluation.'),
  date: z.string(),
  data: z.string().describe('The labelled videos, by name or digest.'),
});

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
  calibratedOn: CalibratedOnSchema.optional(),
});
export type BundleFacts = Readonly<z.infer<typeof BundleFactsSchema>>;
