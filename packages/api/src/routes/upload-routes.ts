import { UploadBodySchema, UploadPartsQuerySchema } from '@styleflow/contracts';
import { type Request, Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { allowMethods } from '../http/allow-methods.js';
import { parseRequest } from '../http/parse-request.js';
import { readJsonBody } from '../http/read-body.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { dropUpload } from '../uploads/drop-upload.js';
import { joinParts } from '../uploads/join-parts.js';
import { loadUpload, noUpload, stateOf } from '../uploads/known-upload.js';
import { keptSeconds, openUpload, type WantedUpload } from '../uploads/open-upload.js';
import { signParts } from '../uploads/sign-parts.js';

/** Signed addresses, by which large files go to the store directly: whole, or in parts that survive an interruption. */
export function uploadRoutes(ports: ApiPorts): Router {
  const { claims, settings } = ports;
  const router = Router();

  const all = router.route('/v1/uploads');
  all.post(async (request, response) => {
    const wanted = await readWanted(request, settings.bodyIdleMs);
    const answer = await openUpload(ports, callerOf(response).owner, wanted);
    response
      .status(201)
      .set({ 'Cache-Control': 'no-store', Location: `/v1/uploads/${answer.uploadId}` })
      .json(answer);
  });
  allowMethods(all, 'POST');

  const one = router.route('/v1/uploads/:id');
  one.get(async (request, response) => {
    const known = await loadUpload(ports, request.params.id, callerOf(response).owner);
    response.set('Cache-Control', 'no-store').json(await stateOf(ports, known));
  });
  one.delete(async (request, response) => {
    await dropUpload(ports, await loadUpload(ports, request.params.id, callerOf(response).owner));
    response.status(204).end();
  });
  allowMethods(one, 'GET', 'DELETE');

  const parts = router.route('/v1/uploads/:id/parts');
  parts.get(async (request, response) => {
    const page = parseRequest(UploadPartsQuerySchema, request.query, 'query');
    const known = await loadUpload(ports, request.params.id, callerOf(response).owner);
    response.set('Cache-Control', 'no-store').json(await signParts(ports, known, page));
  });
  allowMethods(parts, 'GET');

  const complete = router.route('/v1/uploads/:id/complete');
  complete.post(async (request, response) => {
    const known = await loadUpload(ports, request.params.id, callerOf(response).owner);
    await joinParts(ports, known);
    response.json(await stateOf(ports, known));
  });
  allowMethods(complete, 'POST');

  const renew = router.route('/v1/uploads/:id/renew');
  renew.post(async (request, response) => {
    const { id } = request.params;
    const { owner } = callerOf(response);
    if (!(await claims.renewUpload(id, owner, keptSeconds(ports)))) throw noUpload(id);
    response.json(await stateOf(ports, await loadUpload(ports, id, owner)));
  });
  allowMethods(renew, 'POST');
  return router;
}

/** Callers of before send no body. */
async function readWanted(request: Request, idleMs: number): Promise<WantedUpload> {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  return hasBody ? parseRequest(UploadBodySchema, await readJsonBody(request, idleMs), 'body') : {};
}
