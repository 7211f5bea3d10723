import { JobError } from '@styleflow/contracts';
import type {
  OpenDelivery,
  SecretVault,
  SharedClock,
  TargetCircuits,
  TargetPlaces,
  WebhookDeliveries,
  WebhookHandler,
} from '@styleflow/queue';
import { type Logger, metrics } from '@styleflow/runtime';
import { deniedHosts, type PostedWebhook, postWebhook } from '@styleflow/sources';
import { isTooOld, nextDelayMs } from './delivery-pace.js';
import { type OpenWebhook, openWebhook } from './open-webhook.js';
import { webhookHeaders } from './sign-webhook.js';

export interface WebhookLimits {
  readonly allowPrivate: boolean;
  /** Of public addresses. */
  readonly ports: readonly number[];
  /** Names, addresses and ranges. */
  readonly denied: readonly string[];
  readonly timeoutMs: number;
}

export interface DeliverWebhookPorts {
  readonly deliveries: Pick<WebhookDeliveries, 'read' | 'note'>;
  readonly vault: Pick<SecretVault, 'open'>;
  readonly circuits: TargetCircuits;
  readonly targetPlaces: TargetPlaces;
  readonly clock: Pick<SharedClock, 'now'>;
  readonly limits: WebhookLimits;
  readonly logger: Logger;
  /** How long until the next attempt; see `nextDelayMs`. */
  readonly delayMs?: typeof nextDelayMs;
}

/** Connections to one host from all workers together: one that hangs must not hold all senders. */
const MOST_PER_HOST = 4;
const TURN_WAIT_MS = 1_000;

/**
 * Sends one delivery: once more, or for the first time. It may be sent twice, where a worker was lost between the answer of the
 * target and the note of it: the id is the same.
 */
export function deliverWebhook(ports: DeliverWebhookPorts): WebhookHandler {
  const { deliveries, circuits, targetPlaces, clock, limits } = ports;
  return async ({ of, n }, signal) => {
    const delivery = await deliveries.read(of, n);
    // Deleted with its job, or done by a worker that was lost before it could say so to the queue.
    if (delivery === null || delivery.status !== 'pending') return 'done';
    // By the address that is shown: who shares it shares its state, and nobody else does.
    const restMs = await circuits.restMs(delivery.url);
    if (restMs > 0) {
      const ageMs = (await clock.now()) - Date.parse(delivery.triedSince);
      if (!isTooOld(ageMs)) return { againInMs: Math.round(restMs * (1 + Math.random() / 4)) };
      return settle(ports, delivery, { status: null, error: 'Its target has failed for a day.', isFinal: true }, 0);
    }
    const place = await targetPlaces.take(`webhook ${new URL(delivery.url).host}`, MOST_PER_HOST);
    if (place === null) return { againInMs: Math.round(TURN_WAIT_MS * (1 + Math.random())) };
    const startedAt = performance.now();
    try {
      const webhook = await openOrRefuse(ports, delivery);
      const posted = 'error' in webhook ? webhook : await post(delivery, webhook, limits, signal);
      if (posted.error === null) await circuits.succeeded(delivery.url);
      else await circuits.failed(delivery.url);
      return await settle(ports, delivery, posted, (performance.now() - startedAt) / 1000);
    } finally {
      await place.release();
    }
  };
}

async function openOrRefuse(
  { vault }: DeliverWebhookPorts,
  delivery: OpenDelivery,
): Promise<OpenWebhook | PostedWebhook> {
  try {
    return await openWebhook(vault, delivery);
  } catch (error) {
    if (!(error instanceof JobError) || error.away !== undefined) throw error;
    // With the wrong key: the right one may be set within the day.
    return { status: null, error: error.message, isFinal: error.code === 'gone' };
  }
}

function post(
  { id, type, at, data }: OpenDelivery,
  { url, secret }: OpenWebhook,
  limits: WebhookLimits,
  signal: AbortSignal,
): Promise<PostedWebhook> {
  const body = JSON.stringify({ type, timestamp: at, data });
  const { allowPrivate, ports, denied, timeoutMs } = limits;
  return postWebhook({
    ...{ url, body, allowPrivate, ports, timeoutMs, signal },
    denied: deniedHosts(denied),
    headers: webhookHeaders({ id, at: new Date(), body }, secret),
  });
}

/** Writes into the log what became of the attempt, and decides whether there is another. */
async function settle(
  { deliveries, clock, logger, delayMs = nextDelayMs }: DeliverWebhookPorts,
  delivery: OpenDelivery,
  { status, error, isFinal }: PostedWebhook,
  seconds: number,
): Promise<'done' | { againInMs: number }> {
  const { of, n, id, attemptsMade, triedSince } = delivery;
  const now = await clock.now();
  const againInMs = error === null || isFinal ? null : delayMs(attemptsMade + 1, now - Date.parse(triedSince));
  await deliveries.note(of, n, {
    status: error === null ? 'delivered' : againInMs === null ? 'failed' : 'pending',
    attempt: { at: new Date(now).toISOString(), status, error, seconds: Math.round(seconds * 1000) / 1000 },
    nextAttemptAt: againInMs === null ? null : new Date(now + againInMs).toISOString(),
  });
  metrics.webhookTried(error === null ? 'delivered' : againInMs === null ? 'given_up' : 'again');
  const facts = { delivery: id, attempt: attemptsMade + 1, status, seconds };
  if (error === null) logger.info(facts, 'webhook delivered');
  else logger.warn({ ...facts, reason: error, againInMs }, againInMs === null ? 'webhook given up' : 'webhook failed');
  return againInMs === null ? 'done' : { againInMs };
}
