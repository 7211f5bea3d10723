import { JobError } from '@styleflow/contracts';
import { Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { loadBatch } from '../batches/load-batch.js';
import { allowMethods } from '../http/allow-methods.js';
import { loadKnown } from '../jobs/load-job.js';
import type { ApiPorts } from '../ports/api-ports.js';

/** What was sent to the webhook of a job or a batch, and sending it again. */
export function deliveryRoutes(ports: ApiPorts): Router {
  const { records, deliveries } = ports;
  const router = Router();

  const all = router.route('/v1/jobs/:id/deliveries');
  all.get(async (request, response) => {
    const { id } = await loadKnown(records, request.params.id, callerOf(response));
    response.json({ deliveries: await deliveries.list(id) });
  });
  allowMethods(all, 'GET');

  const again = router.route('/v1/jobs/:id/deliveries/:n/redeliver');
  again.post(async (request, response) => {
    const { id } = await loadKnown(records, request.params.id, callerOf(response));
    response.status(202).json(await redelivered(deliveries, id, request.params.n));
  });
  allowMethods(again, 'POST');

  const ofBatch = router.route('/v1/batches/:id/deliveries');
  ofBatch.get(async (request, response) => {
    const { id } = await loadBatch(ports, request.params.id, callerOf(response));
    response.json({ deliveries: await deliveries.list(id) });
  });
  allowMethods(ofBatch, 'GET');

  const againOfBatch = router.route('/v1/batches/:id/deliveries/:n/redeliver');
  againOfBatch.post(async (request, response) => {
    const { id } = await loadBatch(ports, request.params.id, callerOf(response));
    response.status(202).json(await redelivered(deliveries, id, request.params.n));
  });
  allowMethods(againOfBatch, 'POST');
  return router;
}

/** @throws JobError `not_found` */
async function redelivered(deliveries: ApiPorts['deliveries'], of: string, number: string) {
  const delivery = /^[1-9]\d{0,8}$/.test(number) ? await deliveries.redeliver(of, Number(number)) : null;
  if (delivery === null) {
    throw new JobError('not_found', `There is no delivery ${number.slice(0, 20)} of ${of} (any more).`);
  }
  return delivery;
}
