/** What both entries export: that of Node and that of browsers. */

export type { ApiAddress } from './api-address.js';
export type { BatchManifest } from './batch-manifest.js';
export type { BatchOptions, Export, ExportOptions, ResultsOptions } from './batches.js';
export type {
  Batch,
  BatchItem,
  BatchList,
  ClipDetails,
  CustodyLog,
  Delivery,
  Disagreements,
  DryRun,
  EntryDetails,
  EntryList,
  ErrorRow,
  GivenOptions,
  Health,
  Job,
  JobLinks,
  JobList,
  JobOptions,
  JobStatus,
  Models,
  Operation,
  PublicKeys,
  QueueFacts,
  QueueList,
  Result,
  ResultRow,
  Schemas,
  Source,
  System,
  Upload,
  UploadParts,
  UploadState,
  Verdict,
  Webhook,
} from './documented.js';
export { type ErrorCode, isStyleFlowError, StyleFlowError } from './errors.js';
export type { ListOptions, SubmitOptions } from './jobs.js';
export type { FollowedEvent, Progress } from './read-events.js';
export type { SendOptions, VideoBytes } from './send-bytes.js';
export type { EntriesOptions } from './styleflow-client.js';
export { PARTS_FROM_BYTES, type SentUpload, type UploadOptions } from './uploads.js';
export type { WaitOptions } from './wait-for-end.js';
export { type VerifyOptions, verifyWebhook, type WebhookEvent, type WebhookHeaders } from './webhooks.js';
