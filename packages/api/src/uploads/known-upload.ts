import { JobError, UPLOAD_ID_PATTERN, type UploadState } from '@styleflow/contracts';
import type { OpenUpload } from '@styleflow/queue';
import { type PartUpload, type StoredPart, uploadKey } from '@styleflow/storage';
import { invalidRequest } from '../http/parse-request.js';
import type { ApiPorts } from '../ports/api-ports.js';
import { bytesOfPart, countParts, type PartPlan, rangesOf } from './part-plan.js';

/** An upload of the caller. */
export interface KnownUpload extends OpenUpload {
  readonly uploadId: string;
  readonly owner: string;
  readonly key: string;
}

/** An upload in parts, and how it is cut. */
export interface PartedUpload extends PartPlan {
  readonly upload: PartUpload;
}

/** @throws JobError `not_found`: another's upload is answered like one that never was. */
export async function loadUpload({ claims }: ApiPorts, uploadId: string, owner: string): Promise<KnownUpload> {
  const known = UPLOAD_ID_PATTERN.test(uploadId) ? await claims.readUpload(uploadId, owner) : null;
  if (known === null) throw noUpload(uploadId);
  return { ...known, uploadId, owner, key: uploadKey(owner, uploadId) };
}

export function noUpload(uploadId: string): JobError {
  return new JobError(
    'not_found',
    `There is no upload ${uploadId.slice(0, 40)}: it was submitted, deleted, has expired or was never made.`,
  );
}

/** @throws JobError `invalid_request` for one that comes whole */
export function partedUpload({ uploadId, key, bytes, parts }: KnownUpload): PartedUpload {
  if (parts !== null) return { bytes, partBytes: parts.bytes, upload: { key, ref: parts.ref } };
  throw invalidRequest(`The upload ${uploadId} comes whole, not in parts.`);
}

/** Parts that are there with the length that they should have. */
export function goodParts(plan: PartPlan, stored: readonly StoredPart[]): number[] {
  return stored
    .filter(({ part, bytes }) => part <= countParts(plan) && bytes === bytesOfPart(plan, part))
    .map(({ part }) => part);
}

/** @throws JobError `not_found` when its bytes were submitted since. */
export async function stateOf({ store }: ApiPorts, known: KnownUpload): Promise<UploadState> {
  const { uploadId, key, bytes, keptUntil } = known;
  const facts = { uploadId, bytes: bytes === 0 ? null : bytes, keptUntil: keptUntil.toISOString() };
  const object = await store.head(key);
  if (known.parts === null) {
    return object === null ? { ...facts, status: 'open' } : { ...facts, status: 'stored', bytes: object.bytes };
  }
  const plan = partedUpload(known);
  const count = countParts(plan);
  if (object !== null) {
    return { ...facts, status: 'stored', parts: { count, bytes: plan.partBytes, stored: [[1, count]] } };
  }
  const stored = await store.parts.stored(plan.upload);
  if (stored === null) throw noUpload(uploadId);
  const ranges = rangesOf(goodParts(plan, stored));
  return { ...facts, status: 'open', parts: { count, bytes: plan.partBytes, stored: ranges } };
}
