import { JobError, mintUploadId, type UploadAnswer } from '@styleflow/contracts';
import { UPLOAD_PATH, uploadKey, verifyUploadSignature } from '@styleflow/storage';
import { Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { allowMethods } from '../http/allow-methods.js';
import { readChunks } from '../http/read-body.js';
import { goneSignal } from '../http/release-signal.js';
import type { ApiPorts } from '../ports/api-ports.js';

/** The largest object that one presigned PUT can make at S3. */
const MAX_PUT_BYTES = 5_000_000_000;
/** Time to submit an upload that arrived in the last second of its address. */
const SUBMIT_GRACE_S = 3_600;

/** `POST /v1/uploads`: answers a signed address, by which large files go to the store directly. */
export function uploadRoutes({ claims, store, settings }: ApiPorts): Router {
  const router = Router();
  const route = router.route('/v1/uploads');
  route.post(async (_request, response) => {
    const { owner } = callerOf(response);
    const uploadId = mintUploadId();
    const expiresInSeconds = settings.uploadExpirySeconds;
    const maxBytes = Math.min(MAX_PUT_BYTES, settings.maxSourceBytes);
    const signed = await store.signUpload(uploadKey(owner, uploadId), { expiresInSeconds, maxBytes });
    await claims.openUpload(uploadId, owner, expiresInSeconds + SUBMIT_GRACE_S);
    const answer: UploadAnswer = {
      uploadId,
      url: signed.url,
      method: signed.method,
      headers: { ...signed.headers },
      expiresAt: signed.expiresAt.toISOString(),
    };
    response.status(201).set('Cache-Control', 'no-store').json(answer);
  });
  allowMethods(route, 'POST');
  return router;
}

/**
 * The place to which the file store's signed addresses lead; its counterpart of a presigned PUT. The signature is the
 * permission.
 */
export function storedUploadRoutes({ store, settings }: ApiPorts): Router {
  const router = Router();
  const route = router.route(UPLOAD_PATH);
  route.put(async (request, response) => {
    const { key, maxBytes } = verifyUploadSignature(store, request.query);
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      throw new JobError('payload_too_large', `This address takes at most ${maxBytes} bytes.`);
    }
    await store.putStream(key, readChunks(request, settings.bodyIdleMs), {
      contentType: 'application/octet-stream',
      maxBytes,
      signal: goneSignal(response),
    });
    response.status(200).end();
  });
  allowMethods(route, 'PUT');
  return router;
}
