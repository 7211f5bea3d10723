import { JobError } from '@styleflow/contracts';
import { MarkedStore } from '../port/marked-store.js';
import type { ObjectStore } from '../port/object-store.js';
import { FileObjectStore } from './file-object-store.js';
import type { UploadPermission } from './upload-signature.js';

/**
 * For the API's route `PUT {UPLOAD_PATH}`: reads from the request's query what the bearer of the signed address may
 * store. The route then calls `putStream(key, request, { maxBytes, … })`.
 * @throws JobError `forbidden` when this store did not sign it, `upload_expired` when its time is over, `not_found`
 * when the store takes uploads itself, as S3 does.
 */
export function verifyUploadSignature(store: ObjectStore, query: unknown, now = new Date()): UploadPermission {
  if (store instanceof MarkedStore) return verifyUploadSignature(store.inner, query, now);
  if (store instanceof FileObjectStore) return store.verifyUpload(query, now);
  throw new JobError('not_found', 'Uploads go to the object store itself');
}
