import type { JobId } from '@styleflow/contracts';

/** What a claim of an idempotency key found. */
export type IdempotencyClaim =
  | { readonly outcome: 'mine' }
  | { readonly outcome: 'same'; readonly job: JobId }
  | { readonly outcome: 'in_flight' }
  | { readonly outcome: 'other_request' };

/**
 * What belongs to a caller before there is a job: idempotency keys and uploads.
 *
 * Promises: of all who claim a key at once one gets it; a key that was settled stays with its job for as long as the job's
 * record; whatever a crashed submission leaves falls back by itself.
 * An outage is JobError `queue_unavailable`.
 */
export interface SubmissionClaims {
  /** An unsettled claim falls back after 2 minutes, so that a crashed submission can be repeated. */
  claimIdempotency(owner: string, key: string, fingerprint: string): Promise<IdempotencyClaim>;
  /** Fixes the claimed key to its job; lives as long as the record. */
  settleIdempotency(owner: string, key: string, job: JobId): Promise<void>;
  /** Gives a claim back when the submission failed. */
  releaseIdempotency(owner: string, key: string): Promise<void>;
  /** Uploads are owned by a key until they expire. */
  openUpload(uploadId: string, owner: string, expiresInSeconds: number): Promise<void>;
  ownsUpload(uploadId: string, owner: string): Promise<boolean>;
}
