import type { JobId } from '@styleflow/contracts';

/** What a claim of an idempotency key found. */
export type IdempotencyClaim =
  | { readonly outcome: 'mine' }
  | { readonly outcome: 'same'; readonly job: JobId }
  | { readonly outcome: 'in_flight' }
  | { readonly outcome: 'other_request' };

/**
 * What a caller owns before there is a job: idempotency keys and uploads.
 *
 * Promises: of all callers that claim a key at once, one gets it; a settled key belongs to its job as long as the job's
 * record exists; whatever a crashed submission leaves expires by itself.
 * An outage is JobError `queue_unavailable`.
 */
export interface SubmissionClaims {
  /** Claims a key. An unsettled claim expires after 2 minutes, so that a crashed submission can be repeated. */
  claimIdempotency(owner: string, key: string, fingerprint: string): Promise<IdempotencyClaim>;
  /** Fixes a claimed key to its job, for as long as the record exists. */
  settleIdempotency(owner: string, key: string, job: JobId): Promise<void>;
  /** Gives a claim back when the submission failed. */
  releaseIdempotency(owner: string, key: string): Promise<void>;
  /** Notes an upload. Its owner keeps it until it expires. */
  openUpload(uploadId: string, owner: string, expiresInSeconds: number): Promise<void>;
  ownsUpload(uploadId: string, owner: string): Promise<boolean>;
}
