import { z } from 'zod';
import { CalibratedOnSchema, CalibrationSchema, RangesSchema, ThresholdsSchema } from './calibration.js';

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
  calibration: CalibrationSchema,
  /** Only of a bundle with two thresholds; `threshold` is then the one for fakes. */
  thresholds: ThresholdsSchema.optional(),
  /** Absent of a bundle that was never calibrated. */
  calibratedOn: CalibratedOnSchema.optional(),
  ranges: RangesSchema.optional(),
});
export type BundleFacts = Readonly<z.infer<typeof BundleFactsSchema>>;
