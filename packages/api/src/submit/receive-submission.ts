import {
  type GivenOptions,
  GivenOptionsSchema,
  JobError,
  mintJobId,
  mintUploadId,
  SubmitBodySchema,
  toJobError,
} from '@styleflow/contracts';
import type { JobRecord } from '@styleflow/queue';
import { sourceKey } from '@styleflow/storage';
import type { Request } from 'express';
import { z } from 'zod';
import { limitsOf } from '../auth/key-limits.js';
import { invalidRequest, parseRequest } from '../http/parse-request.js';
import { readJsonBody } from '../http/read-body.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { fingerprint } from './fingerprint.js';
import { nameJob } from './name-job.js';
import { type ReceivedVideo, receiveVideo } from './receive-video.js';
import type { Submission } from './submission.js';
import type { SubmissionUndo } from './submission-undo.js';
import { submitJob } from './submit-job.js';
import { type UploadSlot, type UploadSlots, uploadFloor } from './upload-slots.js';
import { whileArriving } from './while-arriving.js';

/** What the submissions of a process share. */
export interface Reception {
  readonly slots: UploadSlots;
  readonly undo: SubmissionUndo;
}

/** `POST /v1/jobs` in both its forms. `signal` fires when the client has gone. */
export async function receiveSubmission(
  ports: ApiPorts,
  { slots, undo }: Reception,
  request: Request,
  owner: string,
  signal: AbortSignal,
): Promise<JobRecord> {
  const key = idempotencyKeyOf(request);
  if (request.is('multipart/form-data')) return receiveForm(ports, { slots, undo }, { request, owner, key, signal });
  if (!request.is('application/json')) {
    throw new JobError('unsupported_type', 'Send application/json, or multipart/form-data with the file part `video`.');
  }
  const json = await readJsonBody(request, ports.settings.bodyIdleMs);
  const { source, options, metadata, webhook } = parseRequest(SubmitBodySchema, json, 'body');
  return submitJob(ports, undo, {
    id: mintJobId(),
    owner,
    source,
    options,
    ...(source.type === 'job' && { given: givenOptions(json) }),
    metadata,
    webhook,
    isStored: false,
    idempotency: withKey(key, { source, options, metadata, webhook }),
  });
}

/** The options of a body that has been parsed, without the defaults. */
function givenOptions(json: unknown): GivenOptions {
  return z.object({ options: GivenOptionsSchema.optional() }).parse(json).options ?? {};
}

interface FormSubmission {
  readonly request: Request;
  readonly owner: string;
  /** The idempotency key, if the request has one. */
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

async function receiveForm(
  ports: ApiPorts,
  { slots, undo }: Reception,
  { request, owner, key, signal }: FormSubmission,
): Promise<JobRecord> {
  const { store, settings } = ports;
  const id = mintJobId();
  const receive = async (slot: UploadSlot): Promise<ReceivedVideo> => {
    try {
      return await receiveVideo(request, {
        store,
        key: sourceKey(id),
        maxBytes: settings.maxSourceBytes,
        pace: { idleMs: settings.bodyIdleMs, floor: uploadFloor(settings), watch: slot.watch },
        signal: AbortSignal.any([signal, slot.signal]),
      });
    } catch (error) {
      // The store may hold it all the same, where it could not answer.
      if (toJobError(error).fault !== 'caller') await undo.undo({ id, isStored: true });
      throw error;
    }
  };
  try {
    await refuseWhenFull(ports, owner);
    return await slots.hold(owner, (slot) =>
      whileArriving(ports, id, async () => {
        const video = await receive(slot);
        const { options, metadata, webhook } = video.part;
        return submitJob(ports, undo, {
          id,
          owner,
          source: { type: 'upload', uploadId: mintUploadId() },
          options,
          metadata: video.fileName === undefined ? metadata : { file: video.fileName, ...metadata },
          webhook,
          isStored: true,
          bytes: video.bytes,
          idempotency: withKey(key, { sha256: video.sha256, options, metadata, webhook }),
        });
      }),
    );
  } catch (error) {
    throw nameJob(error, id);
  }
}

function withKey(key: string | undefined, request: unknown): Submission['idempotency'] {
  return key === undefined ? undefined : { key, fingerprint: fingerprint(request) };
}

/** The record is made after the upload; a queue that is full already is told before it. */
async function refuseWhenFull({ lists, settings }: ApiPorts, owner: string): Promise<void> {
  if ((await lists.countUnfinished()) >= settings.maxQueuedJobs) {
    throw new JobError('queue_full', `${settings.maxQueuedJobs} jobs are unfinished already; try again later.`);
  }
  const { unfinishedJobs } = limitsOf(settings, owner).quota;
  if (unfinishedJobs === undefined || (await lists.countUnfinished(owner)) < unfinishedJobs) return;
  throw new JobError('rate_limited', `This key has ${unfinishedJobs} unfinished jobs already; try again later.`);
}

/** @throws JobError `invalid_request` */
export function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get('Idempotency-Key');
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw invalidRequest('An Idempotency-Key has 1 to 255 visible ASCII characters, without blanks.', [
    { path: 'Idempotency-Key', message: '1 to 255 visible ASCII characters' },
  ]);
}
