import { JobError } from '@styleflow/contracts';
import { type OpenDelivery, type SecretVault, WEBHOOK_SECRETS } from '@styleflow/queue';

/** Where a delivery goes, and what signs it. */
export interface OpenWebhook {
  readonly url: string;
  readonly secret: string | null;
}

/**
 * The one place that opens the sealed parts of a webhook.
 * @throws JobError `gone` when they were erased or lost; `internal` when this worker has not the right key
 */
export async function openWebhook(
  vault: Pick<SecretVault, 'open'>,
  { of, target }: Pick<OpenDelivery, 'of' | 'target'>,
): Promise<OpenWebhook> {
  const open = async (name: string): Promise<string> => {
    const secret = await vault.open(of, name);
    if (secret === null) throw new JobError('gone', `The sealed ${name} of ${of} is gone, erased or lost with Redis.`);
    return secret;
  };
  return {
    url: target.isUrlSealed ? await open(WEBHOOK_SECRETS.url) : target.url,
    // Never unsigned where a signature was agreed on.
    secret: target.isSigned ? await open(WEBHOOK_SECRETS.secret) : null,
  };
}
