import { z } from 'zod';
import { ProblemFactsSchema, TimeSchema } from './job.js';
import { readUnknownAs } from './newer-words.js';
import { VerdictSchema } from './verdict.js';

/** Webhooks by the conventions of Standard Webhooks (standardwebhooks.com). */

export const WEBHOOK_EVENTS = ['job.succeeded', 'job.failed', 'job.canceled', 'batch.ended', 'batch.canceled'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

const WEBHOOK_URL_MAX_LENGTH = 2_048;
const SECRET_BYTES = { min: 24, max: 64 };

const WebhookSecretSchema = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'whsec_ and 24 to 64 bytes in base64')
  .refine((secret) => {
    const { length } = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return length >= SECRET_BYTES.min && length <= SECRET_BYTES.max;
  }, 'whsec_ and 24 to 64 bytes in base64')
  .describe('Signs every delivery; `whsec_` and 24 to 64 bytes in base64. Kept sealed.');

/** Of a submission: whom to tell of the end. */
export const WebhookSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'not an http or https URL' })
      .max(WEBHOOK_URL_MAX_LENGTH)
      .describe('Gets a POST for every end. What its address holds of credentials is kept sealed.'),
    secret: WebhookSecretSchema.optional(),
  })
  .describe('Told of the end, by the conventions of Standard Webhooks; without a secret deliveries are not signed.');
export type Webhook = z.infer<typeof WebhookSchema>;

/** What everybody may see of a webhook; the whole address and the secret are in the vault, where there is more. */
export const WebhookTargetSchema = z.object({
  /** Without user, password and query. */
  url: z.string(),
  isUrlSealed: z.boolean(),
  isSigned: z.boolean(),
});
export type WebhookTarget = z.infer<typeof WebhookTargetSchema>;

/** What a webhook is told of a job's end. */
export const JobEndedSchema = z.object({
  job: z.string(),
  run: z.int(),
  batch: z.string().optional(),
  status: z.enum(['succeeded', 'failed', 'canceled']),
  verdict: VerdictSchema.optional(),
  error: ProblemFactsSchema.optional(),
});

/** The body of a delivery. `data` of `job.…` is by `JobEndedSchema`. */
export const WebhookBodySchema = z.object({
  type: z.enum(WEBHOOK_EVENTS),
  timestamp: TimeSchema.describe('Of what happened, the same in every attempt.'),
  data: z.record(z.string(), z.unknown()),
});

/** `pending`: to be sent, now or again later. `failed`: given up. */
export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;

export const DeliveryAttemptSchema = z.object({
  at: TimeSchema,
  status: z.int().nullable().describe('What the target answered; null where it did not.'),
  error: z.string().nullable().describe('Why it does not count as delivered.'),
  seconds: z.number(),
});
export type DeliveryAttempt = z.infer<typeof DeliveryAttemptSchema>;

/** One delivery as its log shows it. */
export const DeliverySchema = z.object({
  n: z.int().min(1).describe('Counts the deliveries of the job or batch.'),
  id: z.string().describe('`webhook-id`: made of job, run and event, the same in every attempt.'),
  event: readUnknownAs(WEBHOOK_EVENTS, null, z.enum(WEBHOOK_EVENTS).nullable()),
  run: z.int(),
  at: TimeSchema,
  url: z.string().describe('Without user, password and query.'),
  status: z.enum(DELIVERY_STATUSES),
  attemptsMade: z.int(),
  nextAttemptAt: TimeSchema.nullable(),
  attempts: z.array(DeliveryAttemptSchema).describe('The last ten, oldest first.'),
});
export type Delivery = z.infer<typeof DeliverySchema>;

export const DeliveryListSchema = z.object({ deliveries: z.array(DeliverySchema) });
