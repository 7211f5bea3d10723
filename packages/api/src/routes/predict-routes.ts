import {
  ERROR_TABLE,
  isEnded,
  JobError,
  JobOptionsSchema,
  mintJobId,
  PredictBodySchema,
  ResultSchema,
} from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { resultKey } from '@styleflow/storage';
import { Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { allowMethods } from '../http/allow-methods.js';
import { problemOf, sendProblem } from '../http/error-response.js';
import { parseRequest } from '../http/parse-request.js';
import { readJsonBody } from '../http/read-body.js';
import { releaseSignal } from '../http/release-signal.js';
import { JobWaiter } from '../jobs/job-waiter.js';
import { predictAnswer } from '../jobs/predict-answer.js';
import { jobPath } from '../jobs/read-job.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { SubmissionUndo } from '../submit/submission-undo.js';
import { submitJob } from '../submit/submit-job.js';

/** The original service's `POST /predict`: takes one URL, answers one number within the same call. */
export function predictRoutes(ports: ApiPorts): Router {
  const { store, settings, stopping } = ports;
  const waiter = new JobWaiter(ports);
  const undo = new SubmissionUndo(ports);
  const router = Router();
  const route = router.route('/predict');
  route.post(async (request, response) => {
    // The content type is ignored, because the published example sends JSON as a form.
    const { file_path: url } = parseRequest(
      PredictBodySchema,
      await readJsonBody(request, settings.bodyIdleMs),
      'body',
    );
    const submitted = await submitJob(ports, undo, {
      id: mintJobId(),
      owner: callerOf(response).owner,
      source: { type: 'url', url },
      options: JobOptionsSchema.parse({ detection: 'dense' }),
      metadata: {},
      isStored: false,
      idempotency: undefined,
    });
    const signal = releaseSignal(response, stopping);
    const record = await waiter.waitForEnd(submitted.id, settings.predictWaitMs, signal);
    if (record === null) throw new JobError('gone', 'The job was deleted while this call waited for it.');
    if (!isEnded(record.status)) {
      const link = jobPath(record.id);
      response.status(202).location(link).json({ job_id: record.id, status: record.status, link });
      return;
    }
    if (record.status !== 'succeeded') {
      const { error, status } = failureOf(record);
      sendProblem(response.location(jobPath(record.id)), problemOf(error, request.path, status));
      return;
    }
    const stored = await store.get(resultKey(record.id));
    if (stored === null) throw new JobError('gone', 'The result was deleted while this call waited for it.');
    response.json(predictAnswer(ResultSchema.parse(JSON.parse(stored.toString()))));
  });
  allowMethods(route, 'POST');
  return router;
}

/**
 * The error and the status of a job that did not succeed: 422 when its input is at fault, 409 when it was canceled, 502
 * when the system or its surroundings failed.
 */
function failureOf({ status, error }: JobRecord): { error: JobError; status: number } {
  if (status === 'canceled') return { error: new JobError('canceled', 'The job was canceled.'), status: 409 };
  const code = error?.code ?? 'internal';
  const failure = new JobError(code, error?.message ?? 'The job failed.');
  return { error: failure, status: ERROR_TABLE[code].fault === 'input' ? 422 : 502 };
}
