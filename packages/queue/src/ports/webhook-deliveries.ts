import type { Delivery, DeliveryAttempt, WebhookEvent, WebhookTarget } from '@styleflow/contracts';

/** What a webhook is to be told. */
export interface WebhookMessage {
  readonly event: WebhookEvent;
  readonly run: number;
  /** Small facts, no signed links; see `JobEnded`. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A delivery with what is needed to send it, but for what is sealed. */
export interface OpenDelivery extends Delivery {
  readonly of: string;
  /** The event by its name, whether this version knows it or not. */
  readonly type: string;
  /** Since when it is tried: since it was recorded, or sent anew. ISO 8601. */
  readonly triedSince: string;
  readonly target: WebhookTarget;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What became of an attempt. */
export interface AttemptOutcome {
  readonly status: Delivery['status'];
  readonly attempt: DeliveryAttempt;
  /** Of one that is tried again. */
  readonly nextAttemptAt: string | null;
}

/**
 * Messages to the webhooks of jobs and batches, and their log.
 *
 * Promises: a message that was recorded is handed to the queue of webhooks until it was delivered or given up, also by another
 * process after a crash; the end of a job records its message in the same step (`JobRecords.end`); the log stays a week after
 * the last message, and goes with the job.
 * `of` is the id of a job or batch, whose vault holds `webhook.url` and `webhook.secret` where they are sealed.
 * An outage is JobError `queue_unavailable`.
 */
export interface WebhookDeliveries {
  /** Records a message; of jobs their end does it. Repeated with the same event and run it changes nothing. Answers its number. */
  record(of: string, target: WebhookTarget, message: WebhookMessage): Promise<number>;
  /** Oldest first; none for whoever has no webhook. */
  list(of: string): Promise<Delivery[]>;
  read(of: string, n: number): Promise<OpenDelivery | null>;
  /** Writes an attempt into the log. Of a delivery that is gone meanwhile it does nothing. */
  note(of: string, n: number, outcome: AttemptOutcome): Promise<void>;
  /** Has a delivery sent again, whatever became of it, with all its attempts anew. Null when there is none. */
  redeliver(of: string, n: number): Promise<Delivery | null>;
}
