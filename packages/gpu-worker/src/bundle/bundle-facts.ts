import type { ServableBundle } from '@styleflow/bundles';
import type { BundleFacts } from '@styleflow/contracts';

/** What a job that is fixed to this bundle must know of it. */
export function bundleFactsOf({ id, digest, variant, manifest }: ServableBundle): BundleFacts {
  const { precision, trained, threshold, calibration } = manifest;
  return { id, digest, variant, precision, trained, threshold, calibration };
}
