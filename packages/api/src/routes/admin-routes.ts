import { EntriesQuerySchema, JobError, type QueueFacts, type QueueList } from '@styleflow/contracts';
import { Router } from 'express';
import { adminOnly, callerOf } from '../auth/authenticate.js';
import { allowMethods } from '../http/allow-methods.js';
import { parseRequest } from '../http/parse-request.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { readEntries, readEntry, removeEntry } from '../system/read-entries.js';
import { readQueues } from '../system/read-queues.js';

/** `/v1/admin/…`: the queue inspector, for keys with the role admin. */
export function adminRoutes(ports: ApiPorts): Router {
  const { inspector, logger } = ports;
  const router = Router();
  router.use('/v1/admin', adminOnly);

  const all = router.route('/v1/admin/queues');
  all.get(async (_request, response) => {
    const answer: QueueList = { queues: await readQueues(ports) };
    response.json(answer);
  });
  allowMethods(all, 'GET');

  const entries = router.route('/v1/admin/queues/:queue/entries');
  entries.get(async (request, response) => {
    const query = parseRequest(EntriesQuerySchema, request.query, 'query');
    response.json(await readEntries(ports, request.params.queue, query));
  });
  allowMethods(entries, 'GET');

  const entry = router.route('/v1/admin/queues/:queue/entries/:id');
  entry.get(async (request, response) => {
    response.json(await readEntry(ports, request.params.queue, request.params.id));
  });
  entry.delete(async (request, response) => {
    await removeEntry(ports, request.params.queue, request.params.id);
    logger.warn({ ...request.params, by: callerOf(response).owner }, 'queue: an entry was removed');
    response.status(204).end();
  });
  allowMethods(entry, 'GET', 'DELETE');

  for (const act of ['pause', 'resume'] as const) {
    const route = router.route(`/v1/admin/queues/:queue/${act}`);
    route.post(async (request, response) => {
      const { queue } = request.params;
      if (queue === undefined) throw new JobError('not_found', 'No queue is named.');
      await inspector[act](queue);
      logger.warn({ queue, by: callerOf(response).owner }, `queue: ${act}`);
      response.json(await factsOf(ports, queue));
    });
    allowMethods(route, 'POST');
  }
  return router;
}

async function factsOf(ports: ApiPorts, name: string): Promise<QueueFacts> {
  const facts = (await readQueues(ports)).find((queue) => queue.name === name);
  if (facts === undefined) throw new JobError('not_found', `There is no queue ${name}.`);
  return facts;
}
