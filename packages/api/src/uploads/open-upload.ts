import { JobError, mintUploadId, type UploadAnswer, type UploadState } from '@styleflow/contracts';
import type { NewUpload } from '@styleflow/queue';
import { uploadKey } from '@styleflow/storage';
import { limitsOf } from '../auth/key-limits.js';
import { invalidRequest } from '../http/parse-request.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { loadUpload, stateOf } from './known-upload.js';
import { planParts } from './part-plan.js';

/** The largest object that one presigned PUT can make at S3. */
const MAX_PUT_BYTES = 5_000_000_000;
/** Time to submit an upload that arrived in the last second of its address, whatever the settings say. */
const SUBMIT_GRACE_S = 3_600;

export interface WantedUpload {
  readonly bytes?: number | undefined;
  readonly parts?: boolean | undefined;
}

/** For how long an upload waits to be submitted. */
export function keptSeconds({ settings }: Pick<ApiPorts, 'settings'>): number {
  return Math.max(settings.uploadKeptSeconds, settings.uploadExpirySeconds + SUBMIT_GRACE_S);
}

/**
 * Opens an upload: its bytes count at once.
 * @throws JobError `payload_too_large`, `rate_limited`, `invalid_request`
 */
export async function openUpload(
  ports: ApiPorts,
  owner: string,
  wanted: WantedUpload,
): Promise<UploadAnswer | UploadState> {
  const { settings } = ports;
  const maxBytes = wanted.parts === true ? settings.maxSourceBytes : Math.min(MAX_PUT_BYTES, settings.maxSourceBytes);
  if (wanted.bytes !== undefined && wanted.bytes > maxBytes) {
    const instead = maxBytes < settings.maxSourceBytes ? ' It may come in parts: `"parts": true`.' : '';
    throw new JobError('payload_too_large', `A video has at most ${maxBytes} bytes.${instead}`);
  }
  const uploadId = mintUploadId();
  const { bytes = 0 } = wanted;
  const upload: NewUpload = { uploadId, owner, bytes, expiresInSeconds: keptSeconds(ports) };
  return wanted.parts === true ? openParted(ports, upload) : openWhole(ports, upload, { ...wanted, maxBytes });
}

async function openWhole(
  { claims, store, settings }: ApiPorts,
  upload: NewUpload,
  { bytes, maxBytes }: { readonly bytes?: number | undefined; readonly maxBytes: number },
): Promise<UploadAnswer> {
  const { uploadId, owner } = upload;
  const expiresInSeconds = settings.uploadExpirySeconds;
  const signed = await store.signUpload(uploadKey(owner, uploadId), { expiresInSeconds, maxBytes, bytes });
  await claims.openUpload(upload, limitsOf(settings, owner).quota);
  return {
    uploadId,
    url: signed.url,
    method: signed.method,
    headers: { ...signed.headers },
    expiresAt: signed.expiresAt.toISOString(),
    keptUntil: new Date(Date.now() + upload.expiresInSeconds * 1000).toISOString(),
  };
}

/** Begun in the store first: what is begun and belongs to nobody is found there by the sweep. */
async function openParted(ports: ApiPorts, upload: NewUpload): Promise<UploadState> {
  const { claims, store, settings, logger } = ports;
  const { uploadId, owner, bytes } = upload;
  if (bytes === 0) {
    throw invalidRequest('An upload in parts needs its length.', [{ path: 'bytes', message: 'missing' }]);
  }
  const begun = await store.parts.begin(uploadKey(owner, uploadId));
  try {
    const { partBytes } = planParts(bytes, settings.uploadPartBytes);
    await claims.openUpload(
      { ...upload, parts: { ref: begun.ref, bytes: partBytes } },
      limitsOf(settings, owner).quota,
    );
  } catch (error) {
    await store.parts.abort(begun).catch((undoing: unknown) => {
      logger.warn({ err: undoing, upload: uploadId }, 'left a refused upload to its retention');
    });
    throw error;
  }
  return stateOf(ports, await loadUpload(ports, uploadId, owner));
}
