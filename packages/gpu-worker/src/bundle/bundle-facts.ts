import type { ServableBundle } from '@styleflow/bundles';
import { scoreQueueName } from '@styleflow/contracts';
import type { ExecutionProvider } from '@styleflow/inference';
import type { BundleFacts } from '@styleflow/queue';

/** What a job that is fixed to this bundle must know of it. */
export function factsOf({ id, digest, variant, manifest }: ServableBundle): BundleFacts {
  const { precision, trained, threshold, calibration } = manifest;
  return { id, digest, variant, precision, trained, threshold, calibration };
}

/** What the worker shows of it in `/v1/system`. */
export function visibleFacts(
  { id, digest, variant, manifest }: ServableBundle,
  provider: ExecutionProvider,
  gpu: string | undefined,
) {
  const { trained, threshold } = manifest;
  const queue = scoreQueueName(digest.slice(0, 12));
  return { bundle: { id, digest, variant, trained, threshold }, queue, provider, ...(gpu !== undefined && { gpu }) };
}
