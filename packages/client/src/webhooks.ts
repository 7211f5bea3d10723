import { JobError } from '@styleflow/contracts';

/** What arrived with a delivery; `headers` of any request object, or by their names in lower case. */
export type WebhookHeaders = Pick<Headers, 'get'> | Readonly<Record<string, string | readonly string[] | undefined>>;

/** One delivery, as its signature proves it. */
export interface WebhookEvent {
  /** Stable over repeated deliveries of the same event: who keeps it handles each event once. */
  readonly id: string;
  readonly sentAt: Date;
  /** `job.succeeded`, `job.failed`, `job.canceled`, `batch.ended`, `batch.canceled`. */
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface VerifyOptions {
  /** How far the time of sending may lie from now; 5 minutes unless said otherwise. */
  readonly toleranceSeconds?: number;
  /** For tests. */
  readonly now?: Date;
}

const PREFIX = 'whsec_';
const TOLERANCE_S = 300;

/**
 * Checks a delivery by the conventions of Standard Webhooks (version `v1`: HMAC-SHA256) and reads it.
 * @param body as it arrived, byte for byte: parsed and printed again it has another signature
 * @param secret `whsec_…`; of several, as while one replaces the other, one must fit
 * @throws StyleFlowError `unauthorized` for a delivery that nobody with the secret signed now; `invalid_request` for a secret
 * that is none
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secret: string | readonly string[],
  { toleranceSeconds = TOLERANCE_S, now = new Date() }: VerifyOptions = {},
): Promise<WebhookEvent> {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  );
  if (id === undefined || timestamp === undefined || signatures === undefined) {
    throw new JobError(
      'unauthorized',
      'A delivery has the headers webhook-id, webhook-timestamp and webhook-signature.',
    );
  }
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(now.getTime() / 1000 - seconds) <= toleranceSeconds)) {
    throw new JobError('unauthorized', `The delivery was not sent within ${toleranceSeconds} s: it may be a replay.`);
  }
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const signed = concat(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  for (const each of [secret].flat()) {
    if (await isSigned(signed, signatures, each)) return { id, sentAt: new Date(seconds * 1000), ...readEvent(text) };
  }
  throw new JobError('unauthorized', 'No signature of the delivery fits the secret.');
}

async function isSigned(signed: Uint8Array<ArrayBuffer>, signatures: string, secret: string): Promise<boolean> {
  const bytes = fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  if (bytes === null || bytes.length === 0)
    throw new JobError('invalid_request', 'A webhook secret looks like whsec_….');
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  for (const each of signatures.split(' ')) {
    const signature = each.startsWith('v1,') ? fromBase64(each.slice('v1,'.length)) : null;
    // It compares in constant time.
    if (signature !== null && (await crypto.subtle.verify('HMAC', key, signature, signed))) return true;
  }
  return false;
}

function readEvent(text: string): Pick<WebhookEvent, 'type' | 'data'> {
  const event: unknown = JSON.parse(text);
  if (isRecord(event) && typeof event.type === 'string' && isRecord(event.data)) {
    return { type: event.type, data: event.data };
  }
  throw new JobError('internal', 'The delivery is signed, but holds no event that this client knows.');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  const isOfFetch = (of: WebhookHeaders): of is Pick<Headers, 'get'> => typeof of.get === 'function';
  const value = isOfFetch(headers) ? headers.get(name) : headers[name];
  return (typeof value === 'string' || value === null || value === undefined ? value : value.join(' ')) ?? undefined;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
