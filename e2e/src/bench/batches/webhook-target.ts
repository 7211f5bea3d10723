import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { JobWebhookBodySchema } from '@styleflow/contracts';
import { findFreePort, seededRandom } from '@styleflow/testing';
import { Webhook } from 'standardwebhooks';
import type { DeliveryCall } from './audit-deliveries.js';

export interface WebhookTarget {
  readonly url: string;
  readonly calls: readonly DeliveryCall[];
  /** Cuts every connection and refuses new ones for so long. */
  goAway(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** Of a hundred calls. */
export const REFUSED_PERCENT = 30;
export const HUNG_PERCENT = 1;
/**
 * An event is not failed more often than that on purpose: the third pause is five minutes and the sixth two hours, and what is measured
 * is the storm and not the pauses.
 */
export const MOST_FAILURES_OF_AN_EVENT = 2;

/** A receiver that keeps what it got and answers as drawn: 500, never, or 200. The same seed answers the same calls alike. */
export async function startWebhookTarget(secret: string, seed: number): Promise<WebhookTarget> {
  const random = seededRandom(seed, 'webhook target');
  const verifier = new Webhook(secret);
  const calls: DeliveryCall[] = [];
  const failures = new Map<string, number>();
  const port = await findFreePort();
  let server: Server | null = null;

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const id = String(request.headers['webhook-id']);
    const answer = answerTo(id);
    const facts = JobWebhookBodySchema.parse(JSON.parse(body));
    calls.push({
      ...{ id, type: facts.type, job: facts.data.job, run: facts.data.run, body, answer },
      isSigned: isSigned(verifier, body, request.headers),
      atMs: Date.now(),
      happenedAtMs: Date.parse(facts.timestamp),
    });
    if (answer !== 'hung') response.writeHead(answer === 'taken' ? 204 : 500).end();
  }

  function answerTo(id: string): DeliveryCall['answer'] {
    const drawn = random() * 100;
    const failed = failures.get(id) ?? 0;
    if (drawn >= REFUSED_PERCENT + HUNG_PERCENT || failed >= MOST_FAILURES_OF_AN_EVENT) return 'taken';
    failures.set(id, failed + 1);
    return drawn < REFUSED_PERCENT ? 'refused' : 'hung';
  }

  function listen(): Promise<void> {
    const listening = createServer((request, response) => {
      // A connection that was cut in the middle brought no call.
      receive(request, response).catch(() => response.destroy());
    });
    server = listening;
    return new Promise((resolve) => listening.listen(port, '127.0.0.1', resolve));
  }
  async function close(): Promise<void> {
    const closing = server;
    server = null;
    if (closing === null) return;
    const closed = new Promise((resolve) => closing.close(resolve));
    closing.closeAllConnections();
    await closed;
  }

  await listen();
  return {
    url: `http://127.0.0.1:${port}/hook`,
    calls,
    async goAway(ms) {
      await close();
      await pause(ms);
      await listen();
    },
    stop: close,
  };
}

function isSigned(verifier: Webhook, body: string, headers: IncomingMessage['headers']): boolean {
  try {
    verifier.verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
