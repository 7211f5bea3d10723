import {
  DELIVERY_STATUSES,
  type Delivery,
  DeliveryAttemptSchema,
  WEBHOOK_EVENTS,
  WebhookTargetSchema,
} from '@styleflow/contracts';
import { z } from 'zod';
import type { OpenDelivery, WebhookDeliveries } from '../ports/webhook-deliveries.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';
import { json } from './record-fields.js';

const recordScript = readScript('records/record-delivery');
const noteScript = readScript('records/note-attempt');
const redeliverScript = readScript('records/redeliver');

/** Of one delivery: about 200 bytes each. */
const ATTEMPTS_KEPT = 10;

const MessageSchema = z.object({
  id: z.string(),
  // A newer version may record events that this one does not know: they are sent, and shown without their name.
  event: z.string(),
  run: z.coerce.number(),
  at: z.coerce.number(),
  target: json(WebhookTargetSchema),
  data: json(z.record(z.string(), z.unknown())),
});

const LogSchema = z.object({
  status: z.enum(DELIVERY_STATUSES).default('pending'),
  made: z.number().default(0),
  /** Since when it is tried; absent: since it was recorded. */
  since: z.coerce.number().optional(),
  next: z.string().default(''),
  // Lua writes an empty list as an object.
  lines: z.preprocess((lines) => (Array.isArray(lines) ? lines : []), z.array(json(DeliveryAttemptSchema))),
});

/** Messages and their log in one hash for each job or batch: `N` the message, `N:log` what became of it, `id:ID` its number. */
export function redisWebhookDeliveries(client: RedisClient): WebhookDeliveries {
  const keyOf = (of: string): string[] => [recordKeys.deliveries(of)];

  async function read(of: string, n: number): Promise<OpenDelivery | null> {
    const key = recordKeys.deliveries(of);
    const [message, log] = await reachRedis(client, () => client.hmget(key, String(n), `${n}:log`));
    return message ? parseDelivery(of, n, message, log ?? null) : null;
  }

  return {
    async record(of, target, { event, run, data }) {
      const args = [of, JSON.stringify(target), event, run, JSON.stringify(data)];
      return Number(await reachRedis(client, () => runScript(client, recordScript, keyOf(of), args)));
    },

    async list(of) {
      const fields = await reachRedis(client, () => client.hgetall(recordKeys.deliveries(of)));
      const numbers = Object.keys(fields).filter((name) => /^\d+$/.test(name));
      return numbers
        .map(Number)
        .sort((a, b) => a - b)
        .map((n) => shown(parseDelivery(of, n, fields[n] ?? '', fields[`${n}:log`] ?? null)));
    },

    read,

    async note(of, n, { status, attempt, nextAttemptAt }) {
      const next = nextAttemptAt === null ? '' : String(Date.parse(nextAttemptAt));
      const args = [n, status, JSON.stringify(attempt), next, ATTEMPTS_KEPT];
      await reachRedis(client, () => runScript(client, noteScript, keyOf(of), args));
    },

    async redeliver(of, n) {
      const found = await reachRedis(client, () => runScript(client, redeliverScript, keyOf(of), [of, n]));
      const delivery = found === 1 ? await read(of, n) : null;
      return delivery === null ? null : shown(delivery);
    },
  };
}

function parseDelivery(of: string, n: number, message: string, log: string | null): OpenDelivery {
  const { id, event, run, at, target, data } = json(MessageSchema).parse(message);
  const { status, made, since, next, lines } = json(LogSchema).parse(log ?? '{}');
  return {
    ...{ of, n, id, run, target, data, status },
    event: WEBHOOK_EVENTS.find((known) => known === event) ?? null,
    type: event,
    at: isoOf(at),
    triedSince: isoOf(since ?? at),
    url: target.url,
    attemptsMade: made,
    nextAttemptAt: next === '' || status !== 'pending' ? null : isoOf(Number(next)),
    attempts: lines,
  };
}

/** Without what only the sender needs. */
function shown({
  of: _of,
  target: _target,
  data: _data,
  type: _type,
  triedSince: _since,
  ...delivery
}: OpenDelivery): Delivery {
  return delivery;
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
