import {
  BatchListQuerySchema,
  BatchQuerySchema,
  ERROR_COLUMNS,
  ErrorsQuerySchema,
  JobError,
  ResultsQuerySchema,
} from '@styleflow/contracts';
import { Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { errorRows } from '../batches/batch-rows.js';
import { dryRun } from '../batches/dry-run.js';
import { loadBatch, parseBatchId } from '../batches/load-batch.js';
import { batchPath, readBatch } from '../batches/read-batch.js';
import { readWantedBatch } from '../batches/receive-manifest.js';
import { rowFormat } from '../batches/row-format.js';
import { printed, sendResults } from '../batches/send-results.js';
import { writeLines, writeText } from '../batches/send-rows.js';
import { submitBatch } from '../batches/submit-batch.js';
import { allowMethods } from '../http/allow-methods.js';
import { parseRequest } from '../http/parse-request.js';
import { goneSignal, releaseSignal } from '../http/release-signal.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { idempotencyKeyOf } from '../submit/receive-submission.js';

/** Batches: submit, list, read, results, errors, cancel, retry, delete. */
export function batchRoutes(ports: ApiPorts): Router {
  const { batches } = ports;
  const router = Router();

  const all = router.route('/v1/batches');
  all.post(async (request, response) => {
    const query = parseRequest(BatchQuerySchema, request.query, 'query');
    const { owner } = callerOf(response);
    const signal = goneSignal(response);
    const key = idempotencyKeyOf(request);
    const wanted = await readWantedBatch(ports, request, query);
    if (query.dryRun === 'true') {
      response.json(await dryRun(ports, wanted, owner, signal));
      return;
    }
    const batch = await submitBatch(ports, wanted, { owner, key, signal });
    response
      .status(202)
      .location(batchPath(batch.id))
      .json(await readBatch(ports, batch));
  });
  all.get(async (request, response) => {
    const { limit, cursor } = parseRequest(BatchListQuerySchema, request.query, 'query');
    const { owner, isAdmin } = callerOf(response);
    const page = await batches.list({
      limit,
      ...(isAdmin ? {} : { owner }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const shown = page.batches.map((batch) => readBatch(ports, batch, { withFaults: false }));
    response.json({ batches: await Promise.all(shown), nextCursor: page.nextCursor });
  });
  allowMethods(all, 'GET', 'POST');

  const one = router.route('/v1/batches/:id');
  one.get(async (request, response) => {
    response.json(await readBatch(ports, await loadBatch(ports, request.params.id, callerOf(response))));
  });
  one.delete(async (request, response) => {
    const { id } = await loadBatch(ports, request.params.id, callerOf(response));
    await batches.markDeleting(id);
    response.status(204).end();
  });
  allowMethods(one, 'GET', 'DELETE');

  const results = router.route('/v1/batches/:id/results');
  results.get(async (request, response) => {
    const batch = await loadBatch(ports, request.params.id, callerOf(response));
    const query = parseRequest(ResultsQuerySchema, request.query, 'query');
    await sendResults(ports, batch, query, request, response);
  });
  allowMethods(results, 'GET');

  const errors = router.route('/v1/batches/:id/errors');
  errors.get(async (request, response) => {
    const batch = await loadBatch(ports, request.params.id, callerOf(response));
    const format = rowFormat(request, parseRequest(ErrorsQuerySchema, request.query, 'query'), ERROR_COLUMNS, false);
    response.status(200).set({ 'Content-Type': format.contentType, 'Cache-Control': 'no-store' });
    const signal = releaseSignal(response, ports.stopping);
    if (!(await writeText(response, format.header, signal))) return;
    await writeLines(response, printed(errorRows(ports, batch), format), signal);
    response.end();
  });
  allowMethods(errors, 'GET');

  const cancel = router.route('/v1/batches/:id/cancel');
  cancel.post(async (request, response) => {
    const { id } = await loadBatch(ports, request.params.id, callerOf(response));
    const batch = await batches.requestCancel(id);
    if (batch === null) throw new JobError('gone', `The batch ${id} has been deleted.`);
    if (!batch.cancelRequested && batch.status !== 'canceled') {
      throw new JobError('conflict', `The batch cannot be canceled any more: it is ${batch.status}.`);
    }
    response.status(202).json(await readBatch(ports, batch));
  });
  allowMethods(cancel, 'POST');

  const retry = router.route('/v1/batches/:id/retry');
  retry.post(async (request, response) => {
    await loadBatch(ports, request.params.id, callerOf(response));
    const batch = await batches.startRetry(parseBatchId(request.params.id));
    if (batch === null) {
      throw new JobError('conflict', 'Only a batch that has ended, and in which items have failed, can be retried.');
    }
    response.status(202).json(await readBatch(ports, batch));
  });
  allowMethods(retry, 'POST');
  return router;
}
