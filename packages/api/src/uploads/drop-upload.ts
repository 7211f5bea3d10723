import type { ApiPorts } from '../ports/api-ports.js';
import { type KnownUpload, noUpload, partedUpload } from './known-upload.js';

/**
 * Gives an upload up. It counts no more from then on; what cannot be deleted now goes with its retention.
 * @throws JobError `not_found`
 */
export async function dropUpload({ claims, store, logger }: ApiPorts, known: KnownUpload): Promise<void> {
  if (!(await claims.closeUpload(known.uploadId, known.owner))) throw noUpload(known.uploadId);
  try {
    if (known.parts !== null) await store.parts.abort(partedUpload(known).upload);
    await store.delete([known.key]);
  } catch (error) {
    logger.warn({ err: error, upload: known.uploadId }, 'left a given up upload to its retention');
  }
}
