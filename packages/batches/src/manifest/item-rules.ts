import { isQueryHidden, JobError, seemsSecret } from '@styleflow/contracts';
import type { Announcements, SecretVault } from '@styleflow/queue';
import { refuseSource, type SourceRules } from '@styleflow/sources';
import type { ItemRules } from './read-item.js';

/** What the rows of a manifest may name: the same as single jobs. */
export async function itemRules(
  announcements: Pick<Announcements, 'bundles'>,
  sourceRules: SourceRules,
  { hasKey }: Pick<SecretVault, 'hasKey'>,
): Promise<ItemRules> {
  const known = new Set((await announcements.bundles()).map(({ id }) => id));
  return {
    judgeSource(source) {
      if (source.type === 'url' && isQueryHidden(source.url)) return 'the query of the address is hidden (?...)';
      if (source.type === 'url' && !hasKey && seemsSecret(source.url)) {
        return 'the address holds credentials, which cannot be kept sealed: STYLEFLOW_SECRET_KEY is not set';
      }
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
