import type { ServableBundle } from '@styleflow/bundles';
import type { BundleFacts } from '@styleflow/contracts';

/** The facts of this bundle that a job keeps which is fixed to it. */
export function bundleFactsOf({ id, digest, variant, manifest }: ServableBundle): BundleFacts {
  const { precision, trained, threshold, calibration, calibratedOn } = manifest;
  const facts = { id, digest, variant, precision, trained, threshold, calibration };
  return { ...facts, ...(calibratedOn && { calibratedOn }) };
}
