import {
  type Disagreements,
  JobError,
  type ModelsAnswer,
  type SystemAnswer,
  scoreQueueName,
} from '@styleflow/contracts';
import { VERSION } from '@styleflow/runtime';
import { Router } from 'express';
import { adminOnly, callerOf } from '../auth/authenticate.js';
import { allowMethods } from '../http/allow-methods.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { defaultBundleId } from '../submit/choose-bundle.js';
import { readDisagreements } from '../system/read-disagreements.js';
import { readQueues, takesEntries } from '../system/read-queues.js';

/**
 * `GET /v1/models`: the served bundles; and, for keys with the role admin, how shadows differ from them, and `GET /v1/system`: the store,
 * the queues, the processes.
 */
export function systemRoutes(ports: ApiPorts): Router {
  const { announcements, queue, store, settings } = ports;
  const router = Router();

  const models = router.route('/v1/models');
  models.get(async (_request, response) => {
    const { isAdmin } = callerOf(response);
    const isShadow = (id: string): boolean => settings.shadowBundles.includes(id);
    const [bundles, workers, standard] = await Promise.all([
      announcements.bundles(),
      announcements.workers(),
      defaultBundleId(announcements, settings),
    ]);
    const answer: ModelsAnswer = {
      default: standard,
      models: bundles
        .filter(({ id }) => isAdmin || !isShadow(id))
        .map(({ id, digest, variant, trained, threshold }) => ({
          id,
          digest,
          variant,
          trained,
          threshold,
          queue: scoreQueueName(digest.slice(0, 12)),
          workers: workers.filter((worker) => takesEntries(worker) && worker.bundle?.id === id).length,
          ...(isShadow(id) && { shadow: true as const }),
        })),
    };
    response.json(answer);
  });
  allowMethods(models, 'GET');

  const disagreements = router.route('/v1/models/:id/disagreements');
  disagreements.get(adminOnly, async (request, response) => {
    const { id = '' } = request.params;
    const bundle = (await announcements.bundles()).find((known) => known.id === id);
    if (bundle === undefined)
      throw new JobError('not_found', 'No bundle of this id is known; GET /v1/models lists those that are.');
    const answer: Disagreements = await readDisagreements(ports, bundle);
    response.json(answer);
  });
  allowMethods(disagreements, 'GET');

  const system = router.route('/v1/system');
  system.get(adminOnly, async (_request, response) => {
    const [queues, workers] = await Promise.all([readQueues({ queue, announcements }), announcements.workers()]);
    const answer: SystemAnswer = { version: VERSION, store: store.address, queues, workers };
    response.json(answer);
  });
  allowMethods(system, 'GET');
  return router;
}
