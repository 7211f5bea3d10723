import {
  CalibratedOnSchema,
  CalibrationSchema,
  type ModelBundle,
  RangesSchema,
  StyleBandSchema,
  ThresholdsSchema,
} from '@styleflow/contracts';
import { z } from 'zod';

/**
 * Holds what a calibration has set. It is one of the bundle's files, so that its digest goes into that of the bundle: other thresholds
 * over the same weights are another bundle, with an id of its own.
 */
export const CALIBRATION_FILE = 'calibration.json';

const FileSchema = z.object({
  calibration: CalibrationSchema,
  threshold: z.number(),
  thresholds: ThresholdsSchema.optional(),
  ranges: RangesSchema.optional(),
  calibratedOn: CalibratedOnSchema.optional(),
  styleBand: StyleBandSchema.optional(),
});
export type CalibrationFacts = Readonly<z.infer<typeof FileSchema>>;

/** The same text for the same facts. */
export function printCalibration(facts: CalibrationFacts): string {
  return `${JSON.stringify(FileSchema.parse(facts), null, 2)}\n`;
}

/** Whether the manifest says what the file says: nobody has changed a threshold in one of them. */
export function agreesWithFile(manifest: ModelBundle, text: string): boolean {
  return printCalibration(manifest) === printCalibration(FileSchema.parse(JSON.parse(text)));
}
