import { type ModelsAnswer, type SystemAnswer, scoreQueueName } from '@styleflow/contracts';
import { VERSION } from '@styleflow/runtime';
import { Router } from 'express';
import { adminOnly } from '../auth/authenticate.js';
import { allowMethods } from '../http/allow-methods.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { defaultBundleId } from '../submit/choose-bundle.js';
import { readQueues, takesEntries } from '../system/read-queues.js';

/** `GET /v1/models`: the served bundles; and, for keys with the role admin, `GET /v1/system`: the store, the queues, the processes. */
export function systemRoutes({ announcements, queue, store, settings }: ApiPorts): Router {
  const router = Router();

  const models = router.route('/v1/models');
  models.get(async (_request, response) => {
    const [bundles, workers, standard] = await Promise.all([
      announcements.bundles(),
      announcements.workers(),
      defaultBundleId(announcements, settings.defaultBundle),
    ]);
    const answer: ModelsAnswer = {
      default: standard,
      models: bundles.map(({ id, digest, variant, trained, threshold }) => ({
        id,
        digest,
        variant,
        trained,
        threshold,
        queue: scoreQueueName(digest.slice(0, 12)),
        workers: workers.filter((worker) => takesEntries(worker) && worker.bundle?.id === id).length,
      })),
    };
    response.json(answer);
  });
  allowMethods(models, 'GET');

  const system = router.route('/v1/system');
  system.get(adminOnly, async (_request, response) => {
    const [queues, workers] = await Promise.all([readQueues({ queue, announcements }), announcements.workers()]);
    const answer: SystemAnswer = { version: VERSION, store: store.address, queues, workers };
    response.json(answer);
  });
  allowMethods(system, 'GET');
  return router;
}
