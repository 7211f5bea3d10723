import { z } from 'zod';
import {
  CalibratedOnSchema,
  CalibrationSchema,
  RangesSchema,
  StyleBandSchema,
  ThresholdsSchema,
} from './calibration.js';
import { PrecisionSchema } from './precision.js';

/**
 * The bundle a job is fixed to. `threshold`, `trained` and calibration are facts of that digest, kept with the job so that
 * `finish` needs no bundle file.
 */
export const BundleFactsSchema = z.object({
  id: z.string(),
  digest: z.string(),
  variant: z.enum(['content', 'style-content', 'custom']),
  precision: PrecisionSchema,
  trained: z.boolean(),
  threshold: z.number(),
  calibration: CalibrationSchema,
  /** Only of a bundle with two thresholds; `threshold` is then the one for fakes. */
  thresholds: ThresholdsSchema.optional(),
  /** Absent of a bundle that was never calibrated. */
  calibratedOn: CalibratedOnSchema.optional(),
  ranges: RangesSchema.optional(),
  styleBand: StyleBandSchema.optional(),
});
export type BundleFacts = Readonly<z.infer<typeof BundleFactsSchema>>;

/** Whether its scores were measured against labelled videos, so that they can be averaged with those of others that were. */
export function isCalibrated({ trained, calibratedOn }: Pick<BundleFacts, 'trained' | 'calibratedOn'>): boolean {
  return trained && calibratedOn !== undefined;
}
