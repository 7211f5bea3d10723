import { isEnded, JobError, type JobId, type JobOptions, type Source } from '@styleflow/contracts';
import { type JobRecord, preparePayloadOf } from '@styleflow/queue';
import { currentSpan } from '@styleflow/runtime';
import { jobPrefix, sourceKey, uploadKey } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';
import { chooseBundle } from './choose-bundle.js';
import { refuseSource } from './refuse-source.js';

export interface Submission {
  /** Made by the caller, since a multipart video is stored under it before the job exists. */
  readonly id: JobId;
  readonly owner: string;
  readonly source: Source;
  readonly options: JobOptions;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Whether the video lies at the job's own place already. */
  readonly isStored: boolean;
  readonly idempotency: { readonly key: string; readonly fingerprint: string } | undefined;
}

/**
 * Makes a submission a job in four steps: claim the idempotency key → put an upload in the job's own place → create the
 * record, which settles the claim in the same step → add the flow.
 *
 * A crash before the record leaves a claim that expires. A crash after it leaves a job that the sweep completes, or a
 * repetition with the same key. A repetition is answered with the first job; what it stored itself is deleted.
 */
export async function submitJob(ports: ApiPorts, submission: Submission): Promise<JobRecord> {
  const first = await claimKey(ports, submission);
  if (first !== null) return first;
  try {
    const record = await createJob(ports, submission);
    currentSpan().set({ 'styleflow.job': record.id });
    ports.logger.info({ job: record.id, caller: record.owner, bundle: record.bundle.id }, 'job accepted');
    await ports.queue.addFlow(preparePayloadOf(record));
    return record;
  } catch (error) {
    await undoUnlessCreated(ports, submission);
    throw error;
  }
}

/**
 * Claims the submission's key. Answers the first job of that key, completed; null when the claim is now ours, or when
 * the submission has no key.
 */
async function claimKey(ports: ApiPorts, submission: Submission): Promise<JobRecord | null> {
  const { owner, idempotency } = submission;
  if (idempotency === undefined) return null;
  let first: JobRecord | null;
  try {
    first = await findFirst(ports, owner, idempotency);
  } catch (error) {
    await discardStored(ports, submission);
    throw error;
  }
  if (first !== null) await discardStored(ports, submission);
  return first;
}

/**
 * Undoes a failed submission. With a record the job is accepted, whatever failed later. Without one nothing of it may
 * stay.
 */
async function undoUnlessCreated(ports: ApiPorts, submission: Submission): Promise<void> {
  const { id, owner, idempotency } = submission;
  try {
    if ((await ports.records.read(id)) !== null) return;
    if (idempotency !== undefined) await ports.claims.releaseIdempotency(owner, idempotency.key);
  } catch (error) {
    // Redis is away, so it is unknown whether there is a record. The video stays, and the claim expires by itself.
    ports.logger.warn({ err: error, job: id }, 'could not undo a submission');
    return;
  }
  await discardStored(ports, submission);
}

/** Adds the flow of a job's current run. Repeating it changes nothing. */
export async function addFlowIfAbsent({ queue }: ApiPorts, record: JobRecord): Promise<void> {
  if (isEnded(record.status)) return;
  if ((await queue.flowState({ job: record.id, run: record.run })) === 'absent')
    await queue.addFlow(preparePayloadOf(record));
}

async function createJob(
  ports: ApiPorts,
  { id, owner, source, options, metadata, ...rest }: Submission,
): Promise<JobRecord> {
  const { records, announcements, settings } = ports;
  refuseSource(source, settings);
  const bundle = await chooseBundle(announcements, options.bundle, settings.defaultBundle);
  if (source.type === 'upload' && !rest.isStored) await takeUpload(ports, id, owner, source.uploadId);
  const fixed = { ...options, bundle: bundle.id };
  const idempotencyKey = rest.idempotency?.key;
  return records.create({
    id,
    owner,
    source,
    options: fixed,
    bundle,
    metadata,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  });
}

async function findFirst(
  ports: ApiPorts,
  owner: string,
  { key, fingerprint }: { key: string; fingerprint: string },
): Promise<JobRecord | null> {
  const found = await ports.claims.claimIdempotency(owner, key, fingerprint);
  switch (found.outcome) {
    case 'mine':
      return null;
    case 'in_flight':
      throw new JobError(
        'conflict',
        'The first request with this Idempotency-Key is still being worked on; try again.',
      );
    case 'other_request':
      throw new JobError('idempotency_conflict', 'This Idempotency-Key belongs to another request.');
    case 'same': {
      const record = await ports.records.read(found.job);
      // This happens only while the job is being deleted. The claim goes with its record.
      if (record === null)
        throw new JobError('conflict', 'The job of this Idempotency-Key is being deleted; try again.');
      await addFlowIfAbsent(ports, record);
      return record;
    }
  }
}

/** Copies an upload to the job's own place, where no later PUT can change it. Only the upload's owner may use it. */
async function takeUpload({ claims, store }: ApiPorts, id: JobId, owner: string, uploadId: string): Promise<void> {
  const expired = () =>
    new JobError('upload_expired', `The upload ${uploadId} has expired, was never made, or holds no file yet.`);
  if (!(await claims.ownsUpload(uploadId, owner))) throw expired();
  if (!(await store.copy(uploadKey(owner, uploadId), sourceKey(id)))) throw expired();
}

async function discardStored({ store, logger }: ApiPorts, { id, source }: Submission): Promise<void> {
  if (source.type !== 'upload') return;
  await store.deletePrefix(jobPrefix(id)).catch((error: unknown) => {
    // Only logged, because the caller must learn the first error.
    logger.error({ err: error, job: id }, 'could not delete the video of a refused submission');
  });
}
