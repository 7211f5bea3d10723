import { JobError, type Webhook } from '@styleflow/contracts';
import { isPrivateLiteral } from '@styleflow/sources';
import type { ApiSettings } from '../ports/api-settings.js';

/**
 * Refuses at once webhooks that certainly may not be called. Names are looked up by the sender, which checks every address.
 * @throws JobError `forbidden`
 */
export function refuseWebhook(
  { url }: Webhook,
  { allowPrivateWebhooks }: Pick<ApiSettings, 'allowPrivateWebhooks'>,
): void {
  const { hostname } = new URL(url);
  if (allowPrivateWebhooks || !isPrivateLiteral(hostname)) return;
  throw new JobError(
    'forbidden',
    `${hostname} is a loopback or private address, and webhooks are called at public ones only; STYLEFLOW_ALLOW_PRIVATE_WEBHOOKS=true on the API and the CPU workers allows the others.`,
  );
}
