import { isEnded, JobError, type JobId } from '@styleflow/contracts';
import {
  beginJob,
  type JobRecord,
  type JobRecords,
  type KeyClaim,
  type NewJob,
  sealWebhook,
  wasNotDone,
} from '@styleflow/queue';
import { currentSpan } from '@styleflow/runtime';
import { limitsOf } from '../auth/key-limits.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { chooseBundles, withBundle } from './choose-bundle.js';
import { claimKey, keepClaimed, newClaim } from './claim-key.js';
import { nameJob } from './name-job.js';
import { dropUpload, placeVideo } from './place-video.js';
import { refuseWebhook } from './refuse-webhook.js';
import { settleSource } from './settle-source.js';
import type { Submission } from './submission.js';
import type { SubmissionUndo } from './submission-undo.js';
import { whileArriving } from './while-arriving.js';

/**
 * Makes a submission a job: claim the key → put a video in the job's own place → create the record, which settles the claim in
 * the same step → add the flow.
 *
 * With the record the job is accepted, whatever fails after it: the sweep completes it, and so does a repetition with the same
 * key. What certainly made no job is taken back. Where nobody knows whether it did (the answer of Redis was lost), the error names
 * the id. With a key all stays as it is, and a repetition goes on under that id; without one it is settled once Redis is back:
 * the job is there and stays, or it never will be. Answers the first job when it is a
 * repetition.
 * @throws JobError whose details name the `job` wherever the system failed
 */
export async function submitJob(ports: ApiPorts, undo: SubmissionUndo, submission: Submission): Promise<JobRecord> {
  const { owner, idempotency } = submission;
  const claim = idempotency && newClaim(owner, idempotency.key);
  const { outcome, job: id } = await claimFor(ports, undo, submission, claim);
  try {
    if (outcome === 'same') return await repeatFirst(ports, id);
    const record = await keepClaimed(ports, claim, () => createJob(ports, undo, submission, id, claim));
    currentSpan().set({ 'styleflow.job': record.id });
    ports.logger.info({ job: record.id, caller: record.owner, bundle: record.bundle.id }, 'job accepted');
    await addFirstFlow(ports, record);
    await dropUpload(ports, submission);
    return record;
  } catch (error) {
    throw nameJob(error, id);
  }
}

/** Adds the flow of a job's current run; repeating it changes nothing. */
export async function addFlowIfAbsent({ queue }: ApiPorts, record: JobRecord): Promise<void> {
  if (isEnded(record.status)) return;
  if ((await queue.flowState({ job: record.id, run: record.run })) === 'absent') await beginJob(queue, record);
}

/** The id to go on under; without a key, the minted one. */
async function claimFor(ports: ApiPorts, undo: SubmissionUndo, submission: Submission, claim: KeyClaim | undefined) {
  const { id, idempotency, isStored } = submission;
  if (claim === undefined || idempotency === undefined) return { outcome: 'mine', job: id } as const;
  try {
    const found = await claimKey(ports.claims, claim, idempotency.fingerprint, id);
    if (found.outcome === 'same') await undo.undo({ id, isStored });
    return found;
  } catch (error) {
    // No job was to be made yet. The claim may stand nevertheless, if Redis has heard of it and the answer was lost.
    await undo.undo({ id, isStored, ...(wasNotDone(error) ? {} : { claim }) });
    throw nameJob(error, id);
  }
}

async function repeatFirst(ports: ApiPorts, id: JobId): Promise<JobRecord> {
  const record = await ports.records.read(id);
  // Only while the job is being deleted: the claim goes with its record.
  if (record === null) throw new JobError('conflict', 'The job of this Idempotency-Key is being deleted; try again.');
  await addFlowIfAbsent(ports, record);
  return record;
}

/** The record; whatever certainly kept it from being made takes back what there was of it. */
async function createJob(
  ports: ApiPorts,
  undo: SubmissionUndo,
  submission: Submission,
  id: JobId,
  claim: KeyClaim | undefined,
): Promise<JobRecord> {
  const { owner, source, webhook, idempotency } = submission;
  let mayExist = false;
  try {
    const { options, ...settled } = await settleSource(ports, submission, id);
    if (webhook !== undefined) refuseWebhook(webhook, ports.settings);
    const told = webhook && sealWebhook(ports.vault, id, webhook);
    const chosen = await chooseBundles(ports.announcements, options, ports.settings);
    const make = async (): Promise<JobRecord> => {
      const stored = await placeVideo(ports, submission, id);
      // Nobody but the caller could send it again.
      if (stored !== null) await ports.store.confirm();
      mayExist = true;
      return createOnce(ports.records, {
        id,
        owner,
        ...settled,
        ...told,
        secrets: { ...settled.secrets, ...told?.secrets },
        options: withBundle(options, chosen.bundle),
        ...chosen,
        quota: limitsOf(ports.settings, owner).quota,
        ...(stored === null ? {} : { stored }),
        ...(idempotency === undefined ? {} : { idempotencyKey: idempotency.key }),
      });
    };
    return await (source.type === 'upload' ? whileArriving(ports, id, make) : make());
  } catch (error) {
    if (mayExist && !wasNotDone(error)) {
      if (claim === undefined) undo.later({ id, isStored: source.type === 'upload', isUnknown: true });
      throw error;
    }
    await undo.undo({ id, isStored: source.type === 'upload', claim });
    if (id !== submission.id) await undo.undo({ id: submission.id, isStored: submission.isStored });
    throw error;
  }
}

/** Where the answer was lost it is asked again: under the same id nothing is made twice. */
async function createOnce(records: JobRecords, job: NewJob): Promise<JobRecord> {
  try {
    return await records.create(job);
  } catch (error) {
    if (wasNotDone(error)) throw error;
    // Refused the second time says nothing of the first one, whose error is the one that leaves it open.
    return records.create(job).catch(() => Promise.reject(error));
  }
}

/** The job is accepted by now: what cannot be added yet is added by the sweep. */
async function addFirstFlow({ queue, logger }: ApiPorts, record: JobRecord): Promise<void> {
  try {
    await beginJob(queue, record);
  } catch (error) {
    logger.warn({ err: error, job: record.id }, 'the flow of an accepted job is left to the sweep');
  }
}
