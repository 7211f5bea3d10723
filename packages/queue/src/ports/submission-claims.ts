import type { BatchId, JobId } from '@styleflow/contracts';
import type { UploadClaims } from './upload-claims.js';

/** Who works under an idempotency key; `holder` is a token of the one request. */
export interface KeyClaim {
  readonly owner: string;
  readonly key: string;
  readonly holder: string;
}

/** What a claim of an idempotency key found; `job` is the id of a job or of a batch. */
export type IdempotencyClaim<Id extends JobId | BatchId = JobId> =
  /** `job`: the id to go on under. It is another than the minted one when an earlier request got no further than its claim. */
  | { readonly outcome: 'mine'; readonly job: Id }
  | { readonly outcome: 'same'; readonly job: Id }
  /** `job`: the id that it will have; null of a claim of a version before, which names none. */
  | { readonly outcome: 'in_flight'; readonly job: Id | null; readonly secondsLeft: number }
  | { readonly outcome: 'other_request' };

/** A claim that is not renewed for so long is anybody's who repeats the request. */
export const CLAIM_LEASE_MS = 10_000;

/**
 * What a caller owns before there is a job: idempotency keys and uploads.
 *
 * Promises: of all who claim a key at once one gets it; a key whose job was created stays with it for as long as the job's
 * record; a claim keeps the id that its job would have, and whoever goes on with it does so under that id, so that a creation
 * whose outcome nobody knows and its repetition make one job.
 * An outage is JobError `queue_unavailable`.
 */
export interface SubmissionClaims extends UploadClaims {
  /**
   * The claim holds for `CLAIM_LEASE_MS` unless it is renewed; then who repeats the request goes on with it. Creating the job
   * with the key settles it; unsettled it is forgotten after a day.
   */
  claimIdempotency<Id extends JobId | BatchId>(
    claim: KeyClaim,
    fingerprint: string,
    minted: Id,
  ): Promise<IdempotencyClaim<Id>>;
  /** Keeps an unsettled claim for another `CLAIM_LEASE_MS`. False when another has it, or it was settled. */
  renewIdempotency(claim: KeyClaim): Promise<boolean>;
  /** Gives an unsettled claim back. True when nobody can go on under its id any more; false when another has it, or it was settled. */
  releaseIdempotency(claim: KeyClaim): Promise<boolean>;
}
