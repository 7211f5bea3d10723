import { JobError } from '@styleflow/contracts';
import { UPLOAD_PATH, verifyUploadSignature } from '@styleflow/storage';
import { Router } from 'express';
import { allowMethods } from '../http/allow-methods.js';
import { invalidRequest } from '../http/parse-request.js';
import { readChunks } from '../http/read-body.js';
import { goneSignal } from '../http/release-signal.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { emptyVideo } from '../submit/place-video.js';
import { uploadFloor } from '../submit/upload-slots.js';

/**
 * The place to which the file store's signed addresses lead; its counterpart of a presigned PUT. The signature is the
 * permission.
 */
export function storedUploadRoutes({ store, settings }: ApiPorts): Router {
  const router = Router();
  const route = router.route(UPLOAD_PATH);
  // A page of the API may have been opened by another of its names (`localhost`). The address holds the permission and a browser adds
  // nothing of its own, so any page may send to it.
  route.all((_request, response, next) => {
    response.set('Access-Control-Allow-Origin', '*');
    next();
  });
  route.options((_request, response) => {
    response.status(204).set({ 'Access-Control-Allow-Methods': 'PUT', 'Access-Control-Allow-Headers': '*' }).end();
  });
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
