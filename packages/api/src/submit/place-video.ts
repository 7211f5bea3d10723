import { JobError, type JobId } from '@styleflow/contracts';
import { jobPrefix, sourceKey, uploadKey } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';
import type { Submission } from './submission.js';

/**
 * Puts the video of a submission into the own place of job `id`, which no later PUT can change; nothing where the job names
 * an address.
 * @throws JobError `upload_expired`
 */
export async function placeVideo(ports: ApiPorts, submission: Submission, id: JobId): Promise<void> {
  const { source, owner } = submission;
  if (source.type !== 'upload') return;
  if (!submission.isStored) return takeUpload(ports, id, owner, source.uploadId);
  // Sent along with this request, under the id that was minted for it; the job is made under that of an earlier one.
  if (id === submission.id) return;
  if (!(await ports.store.copy(sourceKey(submission.id), sourceKey(id)))) {
    throw new JobError('internal', `The video of ${submission.id} is gone.`);
  }
  await ports.store.deletePrefix(jobPrefix(submission.id));
}

/** An upload belongs to whoever asked for it. */
async function takeUpload({ claims, store }: ApiPorts, id: JobId, owner: string, uploadId: string): Promise<void> {
  const expired = () =>
    new JobError('upload_expired', `The upload ${uploadId} has expired, was never made, or holds no file yet.`);
  if (!(await claims.ownsUpload(uploadId, owner))) throw expired();
  if (!(await store.copy(uploadKey(owner, uploadId), sourceKey(id)))) throw expired();
}
