import { pipeline } from 'node:stream/promises';
import { type CustodyLog, JobError } from '@styleflow/contracts';
import { readCustody } from '@styleflow/evidence';
import type { JobRecord } from '@styleflow/queue';
import { type Response, Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { noteCustody } from '../evidence/custody.js';
import { packEvidence } from '../evidence/pack-evidence.js';
import { signatureOf } from '../evidence/sign-result.js';
import { allowMethods } from '../http/allow-methods.js';
import { parseRequest } from '../http/parse-request.js';
import { goneSignal } from '../http/release-signal.js';
import { loadJob } from '../jobs/load-job.js';
import { EvidenceQuerySchema } from '../openapi/evidence-calls.js';
import type { ApiPorts } from '../ports/api-ports.js';

/** What proves a result: its signature, its custody log, and all of it as one package. */
export function evidenceRoutes(ports: ApiPorts): Router {
  const { records, clock } = ports;
  const router = Router();

  const signature = router.route('/v1/jobs/:id/result.jws');
  signature.get(async (request, response) => {
    const record = await loadSucceeded(request.params.id, response);
    const signed = await signatureOf(ports, record);
    if (signed === null) throw new JobError('not_found', 'This system signs nothing: it has no STYLEFLOW_SIGNING_KEY.');
    const note = { at: await clock.now(), event: 'signature_read', by: callerOf(response).owner } as const;
    await noteCustody(ports, record, note);
    response.set({ 'Content-Type': 'application/jose', 'Cache-Control': 'private' }).send(Buffer.from(signed.jws));
  });
  allowMethods(signature, 'GET');

  const custody = router.route('/v1/jobs/:id/custody');
  custody.get(async (request, response) => {
    const record = await loadJob(records, request.params.id, callerOf(response));
    const { entries, head } = readCustody(record.id, await noteCustody(ports, record));
    response.set('Cache-Control', 'private, no-cache');
    response.json({ job: record.id, entries: [...entries], head } satisfies CustodyLog);
  });
  allowMethods(custody, 'GET');

  const whole = router.route('/v1/jobs/:id/evidence.zip');
  whole.get(async (request, response) => {
    const { video } = parseRequest(EvidenceQuerySchema, request.query, 'query');
    const record = await loadSucceeded(request.params.id, response);
    response.set({
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="evidence-${record.id}.zip"`,
      'Cache-Control': 'private, no-store',
    });
    // Nobody gets anything, so nothing is entered.
    if (request.method === 'HEAD') return void response.end();
    const order = { by: callerOf(response).owner, withVideo: video === 'true', signal: goneSignal(response) };
    const stream = await packEvidence(ports, record, order);
    await pipeline(stream, response).catch((error: unknown) => {
      // When the client has left, a broken answer is no failure. The store's own failure goes to the log.
      if (!response.destroyed || response.errored) throw error;
    });
  });
  allowMethods(whole, 'GET');

  async function loadSucceeded(id: string, response: Response): Promise<JobRecord> {
    const record = await loadJob(records, id, callerOf(response));
    if (record.status === 'succeeded') return record;
    throw new JobError('conflict', `The job has no result to prove: it is ${record.status}.`);
  }

  return router;
}
