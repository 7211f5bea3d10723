import type { HealthAnswer, HealthcheckAnswer, ReadinessAnswer } from '@styleflow/contracts';
import { metrics, VERSION } from '@styleflow/runtime';
import { type Response, Router } from 'express';
import { adminOnly, authenticate } from '../auth/authenticate.js';
import { allowMethods } from '../http/allow-methods.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { measureSystem } from '../system/measure-system.js';

/**
 * `/healthz`, `/readyz`, and the original service's `/healthcheck`, open to everyone; and `/metrics`, which once keys are set needs
 * the role admin: scrapers have the admin port.
 */
export function healthRoutes(ports: ApiPorts): Router {
  const { stopping } = ports;
  const router = Router();

  const alive = router.route('/healthz');
  alive.get((_request, response) => {
    const answer: HealthAnswer = { health: stopping.aborted ? 'draining' : 'ready' };
    response.json(answer);
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
  page.get(authenticate(ports.settings.keys), adminOnly, async (_request, response) => {
    await measureSystem(ports);
    const { contentType, body } = await metrics.page();
    response.set('Content-Type', contentType).send(body);
  });
  allowMethods(page, 'GET');
  return router;
}

/** Without the sentences on what is wrong, which may name addresses inside. */
async function sendReadiness({ health, stopping }: ApiPorts, response: Response): Promise<void> {
  const { ready, checks } = await health.readiness();
  const isReady = ready && !stopping.aborted;
  const answer: ReadinessAnswer = { health: stopping.aborted ? 'draining' : 'ready', ready: isReady, checks };
  response.status(isReady ? 200 : 503).json(answer);
}
