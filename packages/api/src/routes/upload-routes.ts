import { JobError, mintUploadId, type UploadAnswer, UploadBodySchema } from '@styleflow/contracts';
import { UPLOAD_PATH, uploadKey, verifyUploadSignature } from '@styleflow/storage';
import { type Request, Router } from 'express';
import { callerOf } from '../auth/authenticate.js';
import { allowMethods } from '../http/allow-methods.js';
import { invalidRequest, parseRequest } from '../http/parse-request.js';
import { readChunks, readJsonBody } from '../http/read-body.js';
import { goneSignal } from '../http/release-signal.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { emptyVideo } from '../submit/place-video.js';
import { uploadFloor } from '../submit/upload-slots.js';

/** The largest object that one presigned PUT can make at S3. */
const MAX_PUT_BYTES = 5_000_000_000;
/** Time to submit an upload that arrived in the last second of its address. */
const SUBMIT_GRACE_S = 3_600;

/** `POST /v1/uploads`: answers a signed address, by which large files go to the store directly. */
export function uploadRoutes({ claims, store, settings }: ApiPorts): Router {
  const { quota } = settings;
  const router = Router();
  const route = router.route('/v1/uploads');
  route.post(async (request, response) => {
    const { bytes } = await readUploadBody(request, settings.bodyIdleMs);
    const { owner } = callerOf(response);
    const uploadId = mintUploadId();
    const expiresInSeconds = settings.uploadExpirySeconds;
    const maxBytes = Math.min(MAX_PUT_BYTES, settings.maxSourceBytes);
    if (bytes !== undefined && bytes > maxBytes) {
      throw new JobError('payload_too_large', `A video has at most ${maxBytes} bytes.`);
    }
    const signed = await store.signUpload(uploadKey(owner, uploadId), { expiresInSeconds, maxBytes, bytes });
    const upload = { uploadId, owner, bytes: bytes ?? 0, expiresInSeconds: expiresInSeconds + SUBMIT_GRACE_S };
    await claims.openUpload(upload, quota);
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
    const { key, maxBytes, bytes } = verifyUploadSignature(store, request.query);
    const length = request.headers['content-length'];
    if (Number(length ?? 0) > maxBytes) {
      throw new JobError('payload_too_large', `This address takes at most ${maxBytes} bytes.`);
    }
    if (length === '0') throw emptyVideo('body');
    if (bytes !== undefined && length !== undefined && Number(length) !== bytes) {
      throw invalidRequest(`This address takes ${bytes} bytes and not ${length}.`);
    }
    const stored = await store.putStream(
      key,
      readChunks(request, { idleMs: settings.bodyIdleMs, floor: uploadFloor(settings) }),
      {
        contentType: 'application/octet-stream',
        maxBytes,
        signal: goneSignal(response),
      },
    );
    if (stored.bytes === 0) {
      await store.delete([key]);
      throw emptyVideo('body');
    }
    response.status(200).end();
  });
  allowMethods(route, 'PUT');
  return router;
}

/** Callers of before send no body. */
async function readUploadBody(request: Request, idleMs: number): Promise<{ readonly bytes?: number | undefined }> {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  return hasBody ? parseRequest(UploadBodySchema, await readJsonBody(request, idleMs), 'body') : {};
}
