import {
  hasHiddenParts,
  isQueryHidden,
  JobError,
  seemsSecret,
  shownUrl,
  type Webhook,
  type WebhookTarget,
} from '@styleflow/contracts';
import type { SealedSecrets, SecretVault } from './ports/secret-vault.js';

/** A webhook as its job or batch keeps it: what everybody may see, and the rest in boxes. */
export interface SealedWebhook {
  readonly webhook: WebhookTarget;
  readonly secrets: SealedSecrets;
}

/** The names of a webhook's secrets in the vault of its job or batch. */
export const WEBHOOK_SECRETS = { url: 'webhook.url', secret: 'webhook.secret' } as const;

/**
 * Parts the webhook of a new job or batch into what may be seen and what may not.
 * @param of the id of the job or batch
 * @throws JobError `invalid_request` for a secret, or an address with credentials, where there is no key; for an address whose query
 *   was hidden before it was copied
 */
export function sealWebhook(vault: Pick<SecretVault, 'hasKey' | 'seal'>, of: string, webhook: Webhook): SealedWebhook {
  const { url, secret } = webhook;
  if (isQueryHidden(url))
    throw refused('webhook.url', 'The query of this address is hidden (?...); give the whole address.');
  if (!vault.hasKey && secret !== undefined) {
    throw refused('webhook.secret', 'A secret cannot be kept sealed: STYLEFLOW_SECRET_KEY is not set on the API.');
  }
  if (!vault.hasKey && seemsSecret(url)) {
    throw refused(
      'webhook.url',
      'The address of the webhook holds a password, a token or something like it, which cannot be kept sealed: STYLEFLOW_SECRET_KEY is not set on the API.',
    );
  }
  const isUrlSealed = vault.hasKey && hasHiddenParts(url);
  return {
    webhook: {
      url: isUrlSealed ? shownUrl(url) : url.replace(/#.*$/s, ''),
      isUrlSealed,
      isSigned: secret !== undefined,
    },
    secrets: {
      ...(isUrlSealed && { [WEBHOOK_SECRETS.url]: vault.seal(of, WEBHOOK_SECRETS.url, url) }),
      ...(secret !== undefined && { [WEBHOOK_SECRETS.secret]: vault.seal(of, WEBHOOK_SECRETS.secret, secret) }),
    },
  };
}

function refused(path: string, message: string): JobError {
  return new JobError('invalid_request', message, { details: { errors: [{ path, message }] } });
}
