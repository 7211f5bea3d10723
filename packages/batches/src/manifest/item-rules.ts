import { JobError } from '@styleflow/contracts';
import type { Announcements } from '@styleflow/queue';
import { refuseSource, type SourceRules } from '@styleflow/sources';
import type { ItemRules } from './read-item.js';

/** What the rows of a manifest may name: the same as single jobs. */
export async function itemRules(
  announcements: Pick<Announcements, 'bundles'>,
  sourceRules: SourceRules,
): Promise<ItemRules> {
  const known = new Set((await announcements.bundles()).map(({ id }) => id));
  return {
    judgeSource(source) {
      try {
        refuseSource(source, sourceRules);
        return null;
      } catch (error) {
        if (error instanceof JobError && error.code === 'forbidden') return error.message;
        throw error;
      }
    },
    judgeBundle: (bundle) => (known.has(bundle) ? null : `no bundle ${bundle} is known`),
  };
}
