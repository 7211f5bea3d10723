export { type Announcer, startAnnouncer } from './announcer.js';
export { beginJob } from './begin-job.js';
export { connectQueue, type QueueConnection } from './connect-queue.js';
export { type Judge, judgesOf, leadOf } from './judges-of.js';
export type * from './ports/announcements.js';
export type * from './ports/arrivals.js';
export type * from './ports/batch-records.js';
export * from './ports/batch-rows.js';
export type * from './ports/call-counts.js';
export type * from './ports/custody-logs.js';
export type * from './ports/deletion-pace.js';
export type * from './ports/ended-jobs.js';
export type * from './ports/job-census.js';
export type * from './ports/job-changes.js';
export type * from './ports/job-lists.js';
export type * from './ports/job-queue.js';
export type * from './ports/job-record.js';
export type * from './ports/job-records.js';
export type * from './ports/leases.js';
export type * from './ports/lost-batches.js';
export type * from './ports/lost-jobs.js';
export type { OwnerWeights } from './ports/owner-weights.js';
export type * from './ports/queue-inspector.js';
export type { JobRemains, RecordArchive } from './ports/record-archive.js';
export type * from './ports/redis-health.js';
export type * from './ports/report-queue.js';
export type * from './ports/second-opinions.js';
export type * from './ports/secret-vault.js';
export * from './ports/shadow-runs.js';
export type * from './ports/shared-clock.js';
export * from './ports/single-jobs.js';
export type * from './ports/store-register.js';
export {
  CLAIM_LEASE_MS,
  type IdempotencyClaim,
  type KeyClaim,
  type SubmissionClaims,
} from './ports/submission-claims.js';
export type * from './ports/target-circuits.js';
export type * from './ports/target-places.js';
export type { NewUpload, OpenUpload, UploadClaims, UploadQuota } from './ports/upload-claims.js';
export type * from './ports/webhook-deliveries.js';
export type * from './ports/webhook-queue.js';
export { preparePayloadOf } from './prepare-payload.js';
export { type QueueSettings, queueSettings } from './queue-settings.js';
export { fitsNarrowing, isNarrow } from './records/narrow-jobs.js';
export type { SecretKey } from './records/secret-keys.js';
export { wasNotDone } from './redis/reach-redis.js';
export { refuseUnsealable, type SealedSource, sealSource } from './seal-source.js';
export { type SealedWebhook, sealWebhook, WEBHOOK_SECRETS } from './seal-webhook.js';
export { vaultSettings } from './vault-settings.js';
