import { JobError } from '@styleflow/contracts';
import { type Announcements, refuseUnsealable, type SecretVault } from '@styleflow/queue';
import { refuseSource, type SourceRules } from '@styleflow/sources';
import type { ItemRules } from './read-item.js';

/** What the rows of a manifest may name: the same as single jobs. */
export async function itemRules(
  announcements: Pick<Announcements, 'bundles'>,
  sourceRules: SourceRules,
  vault: Pick<SecretVault, 'hasKey'>,
): Promise<ItemRules> {
  const known = new Set((await announcements.bundles()).map(({ id }) => id));
  return {
    judgeSource(source) {
      // Whether there is such a job is asked for many together, as for uploads.
      if (source.type === 'job') return null;
      try {
        refuseSource(source, sourceRules);
        refuseUnsealable(vault, source);
        return null;
      } catch (error) {
        if (error instanceof JobError && (error.code === 'forbidden' || error.code === 'invalid_request'))
          return error.message;
        throw error;
      }
    },
    judgeBundle: (bundle) => (known.has(bundle) ? null : `no bundle ${bundle} is known`),
  };
}
