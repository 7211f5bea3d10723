import type { ManifestFault } from '@styleflow/contracts';
import { mapBounded } from '@styleflow/runtime';
import type { ManifestItem } from '../manifest/batch-item.js';
import { rowFault } from '../manifest/manifest-fault.js';
import { type EarlierPorts, findEarlier, refusalOf } from './find-earlier.js';

/** Questions to Redis and store at once. */
const AT_ONCE = 16;

/** What is wrong with the earlier jobs that these items name, in their order; null where nothing is. */
export function judgeEarlier(
  ports: EarlierPorts,
  owner: string,
  items: readonly ManifestItem[],
): Promise<(ManifestFault | null)[]> {
  return mapBounded(items, AT_ONCE, async ({ source, line }) => {
    if (source.type !== 'job') return null;
    try {
      await findEarlier(ports, owner, source.job);
      return null;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      return rowFault(line, refusal.message, 'source');
    }
  });
}
