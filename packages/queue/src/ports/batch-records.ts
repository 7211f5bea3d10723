import type {
  BatchCounts,
  BatchId,
  BatchStatus,
  BundleFacts,
  ErrorCode,
  GivenOptions,
  JobId,
  WebhookTarget,
} from '@styleflow/contracts';
import type { CompactRow } from './batch-rows.js';
import type { SealedSecrets } from './secret-vault.js';

export type ManifestForm = 'csv' | 'ndjson' | 'auto';

/** A batch in Redis: some hundred bytes, whatever the number of its items. */
export interface BatchRecord {
  readonly id: BatchId;
  readonly owner: string;
  readonly status: BatchStatus;
  readonly cancelRequested: boolean;
  /** It is being deleted, and is gone for its owner. */
  readonly isDeleting: boolean;
  readonly round: number;
  readonly form: ManifestForm;
  readonly skipInvalid: boolean;
  readonly options: GivenOptions;
  /** Of items that name none, fixed at submission. */
  readonly bundle: BundleFacts;
  /** Told of each end. */
  readonly webhook?: WebhookTarget | undefined;
  readonly rowsRead: number;
  readonly faults: number;
  /** Those that wait for admission count as `queued`. */
  readonly counts: BatchCounts;
  readonly errors: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Items before this one have been admitted. */
  readonly next: number;
  /** Admitted and not ended. */
  readonly open: number;
  /** Clips of them that are cut and not scored. */
  readonly unscoredClips: number;
  /** Where a retry of all failed items has come to; null while there is none. */
  readonly retryAt: number | null;
  /** Two moments, half a minute to a minute apart, and how many items had ended; null before there are two. */
  readonly pace: {
    readonly fromMs: number;
    readonly fromEnded: number;
    readonly toMs: number;
    readonly toEnded: number;
  } | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface NewBatch {
  readonly id: BatchId;
  readonly owner: string;
  readonly form: ManifestForm;
  readonly skipInvalid: boolean;
  readonly options: GivenOptions;
  readonly bundle: BundleFacts;
  /** Told of each end; what is sealed of it is among the secrets (see `sealWebhook`). */
  readonly webhook?: WebhookTarget;
  readonly secrets?: SealedSecrets;
  /** A key claimed before; it is settled in the same step. */
  readonly idempotencyKey?: string;
}

/** What Redis has of the rows of one part. An item that runs again has null in the place of its row in the store. */
export interface OpenRows {
  readonly rev: number;
  readonly rows: ReadonlyMap<number, CompactRow | null>;
}

export interface BatchPartName {
  readonly batch: BatchId;
  readonly part: number;
}

/**
 * Batches, from their creation until nothing is left of them.
 *
 * Promises: every change is one atomic step; a step that does not fit the batch's status changes nothing and answers false or
 * null. Counts, rows and the end of a batch are written by the steps that change its jobs (`JobRecords`), so that they never
 * differ from these. Rows of a part are in Redis until `closePart`, then in the store; who reads looks here first.
 * An outage is JobError `queue_unavailable`.
 */
export interface BatchRecords {
  /** Repeated with the same id it changes nothing. Status `validating`. */
  create(batch: NewBatch): Promise<BatchRecord>;
  read(id: BatchId): Promise<BatchRecord | null>;
  /**
   * Newest first. The cursor is opaque.
   * @throws JobError `invalid_request` for an invalid cursor
   */
  list(query: { owner?: string; limit: number; cursor?: string }): Promise<{
    batches: BatchRecord[];
    nextCursor: string | null;
  }>;
  /** Those for which something is to be done: validating, running, being deleted. */
  live(): Promise<BatchRecord[]>;
  /** False when the batch is not being validated any more. */
  noteRead(id: BatchId, progress: { readonly rowsRead: number; readonly faults: number }): Promise<boolean>;
  /** `validating` → `running` with so many items. */
  accept(id: BatchId, items: number): Promise<boolean>;
  /** `validating` → `refused`. */
  refuse(id: BatchId): Promise<boolean>;
  /** A batch that runs admits nothing more, and ends with its last job; one that is validated ends at once. */
  requestCancel(id: BatchId): Promise<BatchRecord | null>;
  /** `ended` → `running`, to run its failed items again. Null when it has not ended, or none has failed. */
  startRetry(id: BatchId): Promise<BatchRecord | null>;
  /** All items before this one that had failed have been started again; null: all of the batch. */
  noteRetried(id: BatchId, before: number | null): Promise<void>;
  /** From now on it is gone for its owner; `live` has it until `forget`. */
  markDeleting(id: BatchId): Promise<void>;
  /** Drops everything that Redis has of the batch; its jobs have been dropped before. */
  forget(id: BatchId, parts: number): Promise<void>;
  /** Drops everything that Redis has of an item that has ended, its place in the lists included. */
  forgetItem(job: JobId, batch: Pick<BatchRecord, 'id' | 'owner'>): Promise<void>;
  /** Parts of which every item has ended and whose rows are still here. */
  wholeParts(limit: number): Promise<BatchPartName[]>;
  /** Null when there are none here: they are in the store, or no item of the part has ended. */
  openRows(part: BatchPartName): Promise<OpenRows | null>;
  /** The rows are in the store as they were here at `rev`. False, and they stay, when they have changed since. */
  closePart(part: BatchPartName, rev: number): Promise<boolean>;
  /** The first item from `from` on whose job has not ended; the number of items when all have. */
  firstUnfinished(id: BatchId, from: number): Promise<number>;
  /** Batches that were over before (ms since the epoch), oldest first. */
  overBefore(before: number, limit: number): Promise<BatchId[]>;
  /** Parts that were closed before (ms since the epoch) and whose media nobody has deleted yet, oldest first. */
  mediaDue(before: number, limit: number): Promise<BatchPartName[]>;
  confirmMedia(part: BatchPartName): Promise<void>;
}

/** Hears of batches: an item ended, one was made, canceled, accepted. */
export interface BatchChanges {
  /** Resolves at the next change of this batch, or of any; false when there was none in time, or at the signal. */
  waitForChange(id: BatchId | null, timeoutMs: number, signal?: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}
