import { setTimeout as after } from 'node:timers/promises';
import { type HealthcheckAnswer, toJobError } from '@styleflow/contracts';
import { metrics, VERSION } from '@styleflow/runtime';
import { type Response, Router } from 'express';
import { allowMethods } from '../allow-methods.js';
import type { ApiPorts } from '../api-ports.js';

/** What does not answer within this is not ready. */
const CHECK_MS = 4_000;

/** `/healthz`, `/readyz`, `/metrics`, and the original service's `/healthcheck`. */
export function healthRoutes(ports: ApiPorts): Router {
  const { queue, logger, stopping } = ports;
  const router = Router();

  const alive = router.route('/healthz');
  alive.get((_request, response) => {
    response.json({ health: stopping.aborted ? 'draining' : 'ready' });
  });
  allowMethods(alive, 'GET');

  const ready = router.route('/readyz');
  ready.get(async (_request, response) => sendReadiness(ports, response));
  allowMethods(ready, 'GET');

  const healthcheck = router.route('/healthcheck');
  healthcheck.get((_request, response) => {
    const answer: HealthcheckAnswer = { healthy: true, version: VERSION };
    response.json(answer);
  });
  allowMethods(healthcheck, 'GET');

  const page = router.route('/metrics');
  page.get(async (_request, response) => {
    try {
      for (const { name, oldestSeconds, ...depths } of await queue.depths()) {
        const { waiting, active, delayed, waitingChildren, failed } = depths;
        const states = { waiting, active, delayed, waiting_children: waitingChildren, failed };
        metrics.setQueue(name, states, oldestSeconds ?? 0);
      }
    } catch (error) {
      // The process's own figures matter most while Redis is away.
      logger.warn({ err: error }, 'the queues could not be measured');
    }
    const { contentType, body } = await metrics.page();
    response.set('Content-Type', contentType).send(body);
  });
  allowMethods(page, 'GET');
  return router;
}

async function sendReadiness({ records, store, stopping }: ApiPorts, response: Response): Promise<void> {
  const checks = { redis: await outcome(records.check()), store: await outcome(store.check()) };
  const isReady = !stopping.aborted && checks.redis === 'ok' && checks.store === 'ok';
  response
    .status(isReady ? 200 : 503)
    .json({ health: stopping.aborted ? 'draining' : 'ready', ready: isReady, checks });
}

/** `ok`, or the code of what is wrong: the sentence could name addresses inside. */
async function outcome(check: Promise<void>): Promise<string> {
  const late = new AbortController();
  try {
    return await Promise.race([
      check.then(() => 'ok'),
      after(CHECK_MS, 'timeout', { signal: late.signal }).catch(() => 'timeout'),
    ]);
  } catch (error) {
    return toJobError(error).code;
  } finally {
    late.abort();
  }
}
