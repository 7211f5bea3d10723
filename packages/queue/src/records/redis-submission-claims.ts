import { type BatchId, isBatchId, isJobId, JobError, type JobId } from '@styleflow/contracts';
import {
  CLAIM_LEASE_MS,
  type IdempotencyClaim,
  type KeyClaim,
  type SubmissionClaims,
} from '../ports/submission-claims.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { type RedisScript, readScript, runScript } from '../redis/redis-script.js';
import { redisUploadClaims } from './redis-upload-claims.js';

const claimScript = readScript('records/claim-key');
const renewScript = readScript('records/renew-claim');
const releaseScript = readScript('records/release-claim');

/** Longer than any outage after which a client still repeats its request. */
const UNSETTLED_MS = 24 * 3_600_000;

/** What a caller owns before there is a job: idempotency keys and uploads. */
export function redisSubmissionClaims(client: RedisClient): SubmissionClaims {
  const onClaim = (script: RedisScript, { owner, key }: KeyClaim, args: (string | number)[]): Promise<unknown> =>
    reachRedis(client, () => runScript(client, script, [recordKeys.idempotency(owner, key)], args));

  return {
    ...redisUploadClaims(client),

    async claimIdempotency(claim, fingerprint, minted) {
      const args = [fingerprint, minted, claim.holder, CLAIM_LEASE_MS, UNSETTLED_MS];
      return readClaim(await onClaim(claimScript, claim, args), minted);
    },

    renewIdempotency: async (claim) => (await onClaim(renewScript, claim, [claim.holder, CLAIM_LEASE_MS])) === 1,

    releaseIdempotency: async (claim) => (await onClaim(releaseScript, claim, [claim.holder])) === 1,
  };
}

/** `minted` is of the kind that the claim has to name. */
function readClaim<Id extends JobId | BatchId>(reply: unknown, minted: Id): IdempotencyClaim<Id> {
  const isSameKind = (text: string): text is Id => (isBatchId(minted) ? isBatchId(text) : isJobId(text));
  const [outcome, named, left]: unknown[] = Array.isArray(reply) ? reply : [];
  const job = typeof named === 'string' && isSameKind(named) ? named : null;
  if (outcome === 'other_request') return { outcome };
  if (outcome === 'in_flight') return { outcome, job, secondsLeft: Math.max(1, Math.ceil(Number(left) / 1000)) };
  if ((outcome === 'mine' || outcome === 'same') && job !== null) return { outcome, job };
  throw new JobError('internal', 'The claim of an idempotency key cannot be read.');
}
