import { JobError, type JobId } from '@styleflow/contracts';
import { jobPrefix, sourceKey, uploadKey } from '@styleflow/storage';
import { invalidRequest } from '../http/parse-request.js';
import type { ApiPorts } from '../ports/api-ports.js';
import type { Submission } from './submission.js';

/** What lies at a job's own place, and the upload that it was. */
export interface PlacedVideo {
  readonly bytes: number;
  readonly uploadId?: string;
}

/**
 * Puts the video of a submission into the own place of job `id`, which no later PUT can change; nothing where the job names
 * an address.
 * @throws JobError `upload_expired`; `invalid_request` for an upload without a byte
 */
export async function placeVideo(ports: ApiPorts, submission: Submission, id: JobId): Promise<PlacedVideo | null> {
  const { source, owner } = submission;
  if (source.type !== 'upload') return null;
  if (!submission.isStored) return takeUpload(ports, id, owner, source.uploadId);
  const placed = { bytes: submission.bytes ?? 0 };
  // Sent along with this request, under the id that was minted for it; the job is made under that of an earlier one.
  if (id === submission.id) return placed;
  if (!(await ports.store.copy(sourceKey(submission.id), sourceKey(id)))) {
    throw new JobError('internal', `The video of ${submission.id} is gone.`);
  }
  await ports.store.deletePrefix(jobPrefix(submission.id));
  await ports.arrivals.forget(submission.id);
  return placed;
}

/** The upload itself, once the job is there and has its copy. What cannot be deleted now goes with its retention. */
export async function dropUpload({ store, logger }: ApiPorts, { source, owner, isStored }: Submission): Promise<void> {
  if (source.type !== 'upload' || isStored) return;
  await store.delete([uploadKey(owner, source.uploadId)]).catch((error: unknown) => {
    logger.warn({ err: error, upload: source.uploadId }, 'left a used upload to its retention');
  });
}

/** An upload belongs to whoever asked for it. */
async function takeUpload(
  { claims, store }: ApiPorts,
  id: JobId,
  owner: string,
  uploadId: string,
): Promise<PlacedVideo> {
  const expired = () =>
    new JobError('upload_expired', `The upload ${uploadId} has expired, was never made, or holds no file yet.`);
  if (!(await claims.ownsUpload(uploadId, owner))) throw expired();
  if (!(await store.copy(uploadKey(owner, uploadId), sourceKey(id)))) throw expired();
  // Of the copy, since the upload may change up to then.
  const { bytes } = (await store.head(sourceKey(id))) ?? { bytes: 0 };
  if (bytes === 0) throw emptyVideo('source.uploadId');
  return { bytes, uploadId };
}

/** A file without a byte is no video: it is refused where its length is known. `path` is the field that stands for it. */
export function emptyVideo(path: string): JobError {
  return invalidRequest('The video is empty: the file has no bytes.', [{ path, message: 'empty' }]);
}
