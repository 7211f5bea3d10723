import type { JobOptions, ManifestFault } from '@styleflow/contracts';
import { mapBounded } from '@styleflow/runtime';
import type { ManifestItem } from '../manifest/batch-item.js';
import { rowFault } from '../manifest/manifest-fault.js';
import { type EarlierPorts, findEarlier, refusalOf } from './find-earlier.js';

/** Questions to Redis and store at once. */
const AT_ONCE = 16;

/** Of an item that names an earlier job: what is wrong with that, or the options that the item's job would have. */
export type JudgedEarlier =
  | { readonly fault: ManifestFault; readonly options: null }
  | { readonly fault: null; readonly options: JobOptions };

/**
 * The earlier jobs that these items name, judged, in their order; null for an item that names none.
 * @param optionsOf the options of an item's job, over those of the earlier one: they decide whether kept clips serve it.
 */
export function judgeEarlier(
  ports: EarlierPorts,
  owner: string,
  items: readonly ManifestItem[],
  optionsOf: (item: ManifestItem, earlier: JobOptions) => JobOptions,
): Promise<(JudgedEarlier | null)[]> {
  return mapBounded(items, AT_ONCE, async (item) => {
    const { source, line } = item;
    if (source.type !== 'job') return null;
    try {
      const { options } = await findEarlier(ports, owner, source.job, (of) => optionsOf(item, of));
      return { fault: null, options };
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      return { fault: rowFault(line, refusal.message, 'source'), options: null };
    }
  });
}
