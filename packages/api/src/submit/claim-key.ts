import { randomUUID } from 'node:crypto';
import { type BatchId, JobError, type JobId } from '@styleflow/contracts';
import { CLAIM_LEASE_MS, type KeyClaim, type SubmissionClaims } from '@styleflow/queue';
import type { ApiPorts } from '../ports/api-ports.js';

/** An idempotency key and what the request stands for under it. */
export interface KeyedRequest {
  readonly key: string;
  readonly fingerprint: string;
}

/** Ours, to make the job or batch `job` under it; or the key of one that there is. */
export type ClaimedKey<Id extends JobId | BatchId = JobId> =
  | { readonly outcome: 'mine'; readonly job: Id }
  | { readonly outcome: 'same'; readonly job: Id };

export function newClaim(owner: string, key: string): KeyClaim {
  return { owner, key, holder: randomUUID() };
}

/**
 * Claims a key for the id `minted`, or for the one that an earlier request has left under it.
 * @throws JobError `conflict` while another request works under it; `idempotency_conflict` when it stands for something else
 */
export async function claimKey<Id extends JobId | BatchId>(
  claims: SubmissionClaims,
  claim: KeyClaim,
  fingerprint: string,
  minted: Id,
): Promise<ClaimedKey<Id>> {
  const found = await claims.claimIdempotency(claim, fingerprint, minted);
  switch (found.outcome) {
    case 'in_flight':
      throw new JobError(
        'conflict',
        'The first request with this Idempotency-Key is still being worked on; try again.',
        {
          retryable: true,
          details: { retryAfterSeconds: found.secondsLeft, ...(found.job === null ? {} : { job: found.job }) },
        },
      );
    case 'other_request':
      throw new JobError('idempotency_conflict', 'This Idempotency-Key belongs to another request.');
    default:
      return found;
  }
}

/** Runs a task under a claim, which is renewed meanwhile: copying a large video takes longer than a lease. */
export async function keepClaimed<T>(
  { claims, logger }: Pick<ApiPorts, 'claims' | 'logger'>,
  claim: KeyClaim | undefined,
  task: () => Promise<T>,
): Promise<T> {
  if (claim === undefined) return task();
  const renewal = setInterval(() => {
    claims.renewIdempotency(claim).catch((error: unknown) => {
      logger.debug({ err: error }, 'could not renew the claim of an idempotency key');
    });
  }, CLAIM_LEASE_MS / 3);
  try {
    return await task();
  } finally {
    clearInterval(renewal);
  }
}
