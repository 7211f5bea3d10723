/** One delivery, by its number within a job or batch. */
export interface DeliveryRef {
  readonly of: string;
  readonly n: number;
}

/** Sends one delivery, or finds that it need not; the answer says when it is to be looked at again. */
export type WebhookHandler = (
  delivery: DeliveryRef,
  signal: AbortSignal,
) => Promise<'done' | { readonly againInMs: number }>;

export interface WebhookWorker {
  readonly busy: number;
  /** As of a stage worker. */
  close(graceMs: number): Promise<void>;
}

/**
 * The queue of webhooks, apart from those of the stages.
 *
 * Promises: what was recorded and not yet done is worked on, by one worker at a time, and survives the loss of that worker; what
 * waits costs no worker anything. How often and when it is tried is for the handler to decide.
 */
export interface WebhookQueue {
  /** Takes recorded deliveries into the queue; answers how many. May be repeated, by several processes at once. */
  take(): Promise<number>;
  /** Takes and works on deliveries until it is closed. */
  work(handler: WebhookHandler, options: { readonly concurrency: number }): WebhookWorker;
  /** Deliveries that wait for their next attempt, or for a worker. */
  waiting(): Promise<number>;
  close(): Promise<void>;
}
