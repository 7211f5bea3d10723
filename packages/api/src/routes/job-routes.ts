import { isBatchId, isEnded, JobError, type JobStatus, ListQuerySchema } from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { type Response, Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { listItems } from '../batches/list-items.js';
import { noteCustody } from '../evidence/custody.js';
import { allowMethods } from '../http/allow-methods.js';
import { parseRequest } from '../http/parse-request.js';
import { preferredWaitSeconds } from '../http/prefer-wait.js';
import { goneSignal, releaseSignal } from '../http/release-signal.js';
import { deleteJob } from '../jobs/delete-job.js';
import { JobWaiter } from '../jobs/job-waiter.js';
import { assertVisible, loadJob, loadKnown, parseJobId, readVisible } from '../jobs/load-job.js';
import { readJob } from '../jobs/read-job.js';
import { refuseLostSource } from '../jobs/refuse-lost-source.js';
import { sendJob } from '../jobs/send-job.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { receiveSubmission } from '../submit/receive-submission.js';
import { SubmissionUndo } from '../submit/submission-undo.js';
import { addFlowIfAbsent } from '../submit/submit-job.js';
import { UploadSlots } from '../submit/upload-slots.js';

/** Jobs: submit, list, read, cancel, retry, delete. */
export function jobRoutes(ports: ApiPorts): Router {
  const { records, lists, queue, stopping } = ports;
  const router = Router();
  const waiter = new JobWaiter(ports);
  const reception = { slots: new UploadSlots(ports.settings), undo: new SubmissionUndo(ports) };

  const all = router.route('/v1/jobs');
  all.post(async (request, response) => {
    const signal = goneSignal(response);
    const record = await receiveSubmission(ports, reception, request, callerOf(response).owner, signal);
    sendJob(request, response.status(202).location(readJob(record).links.self ?? ''), record);
  });
  all.get(async (request, response) => {
    const { status, batch, verdict, minScore, maxScore, q, limit, cursor } = parseRequest(
      ListQuerySchema,
      request.query,
      'query',
    );
    const narrowing = { label: verdict, minScore, maxScore, q };
    const { owner, isAdmin } = callerOf(response);
    const ofBatch = batch === undefined || !isBatchId(batch) ? null : await ports.batches.read(batch);
    if (ofBatch !== null && !ofBatch.isDeleting && (isAdmin || ofBatch.owner === owner)) {
      const { jobs, nextCursor } = await listItems(ports, ofBatch, { status, limit, cursor, narrowing });
      response.json({ jobs: jobs.map(readJob), nextCursor });
      return;
    }
    const page = await lists.list({
      limit,
      narrowing,
      ...(isAdmin ? {} : { owner }),
      ...(status === undefined ? {} : { status }),
      ...(batch === undefined ? {} : { batch }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    response.json({ jobs: page.jobs.map(readJob), nextCursor: page.nextCursor });
  });
  allowMethods(all, 'GET', 'POST');

  const one = router.route('/v1/jobs/:id');
  one.get(async (request, response) => {
    const caller = callerOf(response);
    const id = parseJobId(request.params.id);
    const waitSeconds = preferredWaitSeconds(request.headers.prefer);
    if (waitSeconds > 0) {
      // The owner is checked first, because the wait alone would tell a stranger that the job exists.
      await readVisible(records, id, caller, () => records.read(id));
      response.set('Preference-Applied', `wait=${waitSeconds}`);
    }
    const signal = releaseSignal(response, stopping);
    const wait = () => waiter.waitForEnd(id, waitSeconds * 1000, signal);
    sendJob(request, response, await readVisible(records, id, caller, wait));
  });
  one.delete(async (request, response) => {
    await deleteJob(ports, await loadKnown(records, request.params.id, callerOf(response)));
    response.status(204).end();
  });
  allowMethods(one, 'GET', 'DELETE');

  const cancel = router.route('/v1/jobs/:id/cancel');
  cancel.post(async (request, response) => {
    const before = await loadJob(records, request.params.id, callerOf(response));
    const { id, isWaiting } = before;
    // The record notes the wish itself, but not whose it is.
    if (!isEnded(before.status)) await noteAct(before, 'cancel_requested', response);
    const record = assertVisible(await records.requestCancel(id), id, callerOf(response));
    if (isEnded(record.status) && record.status !== 'canceled') {
      throw new JobError('conflict', `The job cannot be canceled any more: it ${endingOf(record.status)}.`);
    }
    // One that waits for room has no entries yet, and an end needs them.
    if (isWaiting) await addFlowIfAbsent(ports, record);
    await queue.dropWaiting({ job: id, run: record.run });
    sendJob(request, response.status(202), record);
  });
  allowMethods(cancel, 'POST');

  const retry = router.route('/v1/jobs/:id/retry');
  retry.post(async (request, response) => {
    const before = await loadJob(records, request.params.id, callerOf(response));
    const { id, status } = before;
    await refuseLostSource(ports, before);
    if (status === 'failed') await noteAct(before, 'retry_requested', response);
    const record = await records.startRetry(id);
    if (record === null)
      throw new JobError('conflict', `Only a failed job can be retried; this one ${endingOf(status)}.`);
    await addFlowIfAbsent(ports, record);
    sendJob(request, response.status(202), record);
  });
  allowMethods(retry, 'POST');

  /** A log that is full holds nothing up: it is for the evidence that accesses are refused. */
  async function noteAct(
    record: JobRecord,
    event: 'cancel_requested' | 'retry_requested',
    response: Response,
  ): Promise<void> {
    const note = { at: await ports.clock.now(), event, by: callerOf(response).owner };
    await noteCustody(ports, record, note).catch((error: unknown) => {
      ports.logger.warn({ err: error, job: record.id, event }, 'could not be entered into the custody log');
    });
  }
  return router;
}

function endingOf(status: JobStatus): string {
  if (!isEnded(status)) return 'has not ended';
  return status === 'canceled' ? 'was canceled' : `has ${status}`;
}
