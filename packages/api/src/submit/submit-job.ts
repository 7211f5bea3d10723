import { isEnded, JobError, type JobId, type JobOptions, type Source } from '@styleflow/contracts';
import { type JobRecord, preparePayloadOf } from '@styleflow/queue';
import { currentSpan } from '@styleflow/runtime';
import { jobPrefix, sourceKey, uploadKey } from '@styleflow/storage';
import type { ApiPorts } from '../ports/api-ports.js';
import { chooseBundle } from './choose-bundle.js';
import { refuseSource } from './refuse-source.js';

export interface Submission {
  /** Minted by the caller: a multipart video is already stored under it. */
  readonly id: JobId;
  readonly owner: string;
  readonly source: Source;
  readonly options: JobOptions;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The video already stands at the job's own place. */
  readonly isStored: boolean;
  readonly idempotency: { readonly key: string; readonly fingerprint: string } | undefined;
}

/**
 * Makes a submission a job: claim the key → put an upload in the job's own place → create the record, which settles the
 * claim in the same step → add the flow.
 *
 * A crash before the record leaves a claim that falls back by itself; a crash after it leaves a job that the sweep
 * completes, and so does a repetition with the same key. Answers the first job when it is a repetition; whatever the
 * repetition itself stored is deleted.
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

/** The first job of the submission's key, completed; null when the key is now ours, or there is none. */
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

/** With a record the job is accepted, whatever failed after it; without one nothing of it may stay. */
async function undoUnlessCreated(ports: ApiPorts, submission: Submission): Promise<void> {
  const { id, owner, idempotency } = submission;
  try {
    if ((await ports.records.read(id)) !== null) return;
    if (idempotency !== undefined) await ports.claims.releaseIdempotency(owner, idempotency.key);
  } catch (error) {
    // Redis is away: whether there is a record is not known, so its video stays; the claim falls back by itself.
    ports.logger.warn({ err: error, job: id }, 'could not undo a submission');
    return;
  }
  await discardStored(ports, submission);
}

/** Adds the flow of a job's current run; repeating it changes nothing. */
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
      // Only while the job is being deleted: the claim goes with its record.
      if (record === null)
        throw new JobError('conflict', 'The job of this Idempotency-Key is being deleted; try again.');
      await addFlowIfAbsent(ports, record);
      return record;
    }
  }
}

/** An upload belongs to whoever asked for it; the job works on a copy of its own, which no later PUT can change. */
async function takeUpload({ claims, store }: ApiPorts, id: JobId, owner: string, uploadId: string): Promise<void> {
  const expired = () =>
    new JobError('upload_expired', `The upload ${uploadId} has expired, was never made, or holds no file yet.`);
  if (!(await claims.ownsUpload(uploadId, owner))) throw expired();
  if (!(await store.copy(uploadKey(owner, uploadId), sourceKey(id)))) throw expired();
}

async function discardStored({ store, logger }: ApiPorts, { id, source }: Submission): Promise<void> {
  if (source.type !== 'upload') return;
  await store.deletePrefix(jobPrefix(id)).catch((error: unknown) => {
    // The error that brought us here is the one to answer with.
    logger.error({ err: error, job: id }, 'could not delete the video of a refused submission');
  });
}
