import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { type Job, PARTS_FROM_BYTES, type StyleFlowClient, type SubmitOptions } from '@styleflow/client';
import { JobError } from '@styleflow/contracts';
import { showUploads } from '../view/upload-progress.js';
import { uploadFiles } from './upload-files.js';
import { UploadJournal } from './upload-journal.js';

export interface LongFileSubmission {
  readonly options: NonNullable<SubmitOptions['options']>;
  /** The API and its key, which name the upload's owner. */
  readonly owner: readonly string[];
  readonly stateFolder: string;
  readonly signal: AbortSignal;
  readonly stream: NodeJS.WriteStream;
}

export async function isLongFile(path: string): Promise<boolean> {
  return (await stat(path)).size > PARTS_FROM_BYTES;
}

/**
 * Uploads a file in parts and submits it. Killed and started again it sends what is missing, and makes one job.
 * @throws JobError; the signal's reason
 */
export async function submitLongFile(
  client: StyleFlowClient,
  path: string,
  { options, owner, stateFolder, signal, stream }: LongFileSubmission,
): Promise<Job> {
  const journal = new UploadJournal(stateFolder, [...owner, 'submit', resolve(path)]);
  const progress = showUploads({ files: 1, bytes: (await stat(path)).size }, stream);
  const ports = { client, journal, progress, signal, parallel: 1 };
  const uploads = await uploadFiles([path], ports).finally(() => progress.end());
  const uploadId = uploads.get(path);
  if (uploadId === undefined) throw new JobError('internal', 'An upload has no id.');
  const idempotencyKey = createHash('sha256').update(JSON.stringify({ uploadId, options })).digest('hex');
  const job = await client.jobs.submitUpload(uploadId, {
    ...{ options, idempotencyKey, signal },
    metadata: { file: basename(path) },
  });
  journal.forget();
  return job;
}
