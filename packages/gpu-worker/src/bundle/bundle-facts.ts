import type { ServableBundle } from '@styleflow/bundles';
import type { BundleFacts } from '@styleflow/contracts';

/** The facts of this bundle that a job keeps which is fixed to it. */
export function bundleFactsOf({ id, digest, variant, manifest }: ServableBundle): BundleFacts {
  const { precision, trained, threshold, calibration, thresholds, calibratedOn, ranges, styleBand } = manifest;
  return {
    ...{ id, digest, variant, precision, trained, threshold, calibration },
    ...(thresholds && { thresholds }),
    ...(calibratedOn && { calibratedOn }),
    ...(ranges && { ranges }),
    ...(styleBand && { styleBand }),
  };
}
