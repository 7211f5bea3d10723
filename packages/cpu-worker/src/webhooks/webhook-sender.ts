import { JobError } from '@styleflow/contracts';
import type { WebhookQueue } from '@styleflow/queue';
import { type DeliverWebhookPorts, deliverWebhook } from './deliver-webhook.js';

/** Beside the slots that decode: sending is waiting. */
const AT_ONCE = 16;
/** How soon an end is told of. */
const TAKE_EVERY_MS = 1_000;

export interface WebhookSender {
  close(graceMs: number): Promise<void>;
}

/** Takes what was recorded into the queue of webhooks, and sends what is in it. */
export function startWebhookSender(
  ports: DeliverWebhookPorts & { readonly webhooks: WebhookQueue },
  { takeEveryMs = TAKE_EVERY_MS }: { readonly takeEveryMs?: number } = {},
): WebhookSender {
  const { webhooks, logger } = ports;
  const worker = webhooks.work(deliverWebhook(ports), { concurrency: AT_ONCE });
  let isClosing = false;
  let timer: NodeJS.Timeout | undefined;
  let taking: Promise<void> = Promise.resolve();

  async function take(): Promise<void> {
    try {
      const taken = await webhooks.take();
      if (taken > 0) logger.debug({ deliveries: taken }, 'took deliveries into the queue of webhooks');
    } catch (error) {
      // They stay recorded, and are taken once Redis is back.
      const isOutage = error instanceof JobError && error.fault === 'surroundings';
      logger[isOutage ? 'debug' : 'warn']({ err: error }, 'could not take deliveries into the queue of webhooks');
    }
    if (!isClosing) next();
  }
  function next(): void {
    timer = setTimeout(() => {
      taking = take();
    }, takeEveryMs);
  }
  next();

  return {
    async close(graceMs) {
      isClosing = true;
      clearTimeout(timer);
      await taking;
      await worker.close(graceMs);
    },
  };
}
