import { isJobId, JobError } from '@styleflow/contracts';
import type { IdempotencyClaim, SubmissionClaims } from '../ports/submission-claims.js';
import type { RedisClient } from '../redis/connection.js';
import { reachRedis } from '../redis/reach-redis.js';
import { recordKeys } from '../redis/record-keys.js';
import { readScript, runScript } from '../redis/redis-script.js';

const claimScript = readScript('records/claim-key');
const settleScript = readScript('records/settle-claim');
const releaseScript = readScript('records/release-claim');

/** Longer than a submission takes after its body was read, and short enough for a client that repeats after a crash. */
const CLAIM_TTL_S = 120;

/** What a caller owns before there is a job: idempotency keys and uploads. */
export function redisSubmissionClaims(client: RedisClient): SubmissionClaims {
  return {
    async claimIdempotency(owner, key, fingerprint): Promise<IdempotencyClaim> {
      const keys = [recordKeys.idempotency(owner, key)];
      const reply = await reachRedis(client, () => runScript(client, claimScript, keys, [fingerprint, CLAIM_TTL_S]));
      const [outcome, job]: unknown[] = Array.isArray(reply) ? reply : [];
      if (outcome === 'mine' || outcome === 'in_flight' || outcome === 'other_request') return { outcome };
      if (outcome === 'same' && typeof job === 'string' && isJobId(job)) return { outcome, job };
      throw new JobError('internal', 'The claim of an idempotency key cannot be read.');
    },

    async settleIdempotency(owner, key, job) {
      const args = [job, recordKeys.idempotency(owner, key)];
      await reachRedis(client, () => runScript(client, settleScript, [recordKeys.job(job)], args));
    },

    async releaseIdempotency(owner, key) {
      await reachRedis(client, () => runScript(client, releaseScript, [recordKeys.idempotency(owner, key)], []));
    },

    async openUpload(uploadId, owner, expiresInSeconds) {
      await reachRedis(client, () => client.set(recordKeys.upload(uploadId), owner, 'EX', Math.ceil(expiresInSeconds)));
    },

    async ownsUpload(uploadId, owner) {
      return (await reachRedis(client, () => client.get(recordKeys.upload(uploadId)))) === owner;
    },
  };
}
