import { Webhook } from 'standardwebhooks';

export interface SignedMessage {
  readonly id: string;
  /** Of the attempt: receivers refuse what is too old. */
  readonly at: Date;
  readonly body: string;
}

/** The headers of a delivery by Standard Webhooks; without a secret it is not signed. */
export function webhookHeaders({ id, at, body }: SignedMessage, secret: string | null): Record<string, string> {
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)) };
  return secret === null ? headers : { ...headers, 'webhook-signature': new Webhook(secret).sign(id, at, body) };
}
