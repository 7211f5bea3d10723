import type { Source } from '@styleflow/contracts';
import type { JobRecord, SecretVault } from '@styleflow/queue';

/** What a job's record says of its source. */
export type SourceOfJob = Pick<JobRecord, 'id' | 'source' | 'isSourceSealed'>;

/** The whole source; `own-copy` when its secrets are gone, and only a copy at the job's own place can still be read. */
export type WholeSource = Source | { readonly type: 'own-copy' };

/**
 * The one place that opens the sealed address of a source. The answer is for the fetch alone: it enters no log and no payload.
 * @throws JobError `internal` when this worker has not the right key
 */
export async function openSource(
  vault: Pick<SecretVault, 'open'>,
  { id, source, isSourceSealed }: SourceOfJob,
): Promise<WholeSource> {
  if (!isSourceSealed || source.type !== 'url') return source;
  const url = await vault.open(id, 'source');
  return url === null ? { type: 'own-copy' } : { type: 'url', url };
}
