import { type BundleFacts, type Disagreements, digest12 } from '@styleflow/contracts';
import type { ApiPorts } from '../ports/api-ports.js';
import { sumDisagreements } from './sum-disagreements.js';

/** How this bundle differs from those that were served while it was a shadow; of one that never was, nothing. */
export async function readDisagreements(
  { shadows, settings }: Pick<ApiPorts, 'shadows' | 'settings'>,
  { id, digest, trained }: BundleFacts,
): Promise<Disagreements> {
  const { comparisons, waiting, missed } = await shadows.state(digest12(digest));
  const isShadow = settings.shadowBundles.includes(id);
  return { model: id, isShadow, trained, waiting, missed, against: sumDisagreements(comparisons) };
}
