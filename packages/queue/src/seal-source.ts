import {
  hasHiddenParts,
  isQueryHidden,
  JobError,
  type JobId,
  type Source,
  seemsSecret,
  shownUrl,
} from '@styleflow/contracts';
import type { SealedSecrets, SecretVault } from './ports/secret-vault.js';

/** A source as its job's record takes it: what everybody may see, and the whole of it in a box if there is more. */
export interface SealedSource {
  readonly source: Source;
  readonly secrets?: SealedSecrets;
}

/**
 * Parts a new job's source into what may be seen and what may not.
 * @throws JobError `invalid_request` for a source with credentials where there is no key, and for an address that was copied from an
 *   answer, where its query had been hidden
 */
export function sealSource(vault: Pick<SecretVault, 'hasKey' | 'seal'>, job: JobId, source: Source): SealedSource {
  if (source.type !== 'url') return { source };
  const { url } = source;
  if (isQueryHidden(url)) {
    throw refused('The query of this address is hidden (?...); give the whole address, as it was given at first.');
  }
  if (!vault.hasKey && seemsSecret(url)) {
    throw refused(
      'The address holds a password, a signature or something like it, which cannot be kept sealed: STYLEFLOW_SECRET_KEY is not set on the API.',
    );
  }
  const shown: Source = { type: 'url', url: shownUrl(url) };
  if (vault.hasKey && hasHiddenParts(url))
    return { source: shown, secrets: { source: vault.seal(job, 'source', url) } };
  // Without a key a query that seems harmless stays; a fragment is never sent to anybody.
  return { source: { type: 'url', url: url.replace(/#.*$/s, '') } };
}

function refused(message: string): JobError {
  return new JobError('invalid_request', message, { details: { errors: [{ path: 'source.url', message }] } });
}
