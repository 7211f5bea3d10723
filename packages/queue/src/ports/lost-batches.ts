import type { BatchId, JobId } from '@styleflow/contracts';
import type { BatchRecord } from './batch-records.js';
import type { CompactRow } from './batch-rows.js';

/** An item of which something is known, but for those whose row lies in the store and holds. */
export interface FoundItem {
  readonly index: number;
  readonly job: JobId;
  /** How it ended; null where it has not. */
  readonly row: CompactRow | null;
}

/** What the store tells of the items of a batch. */
export interface FoundItems {
  /** The number of items, where the batch had not been noted as running yet. */
  readonly total?: number;
  /** Items before this one have been admitted. */
  readonly next: number;
  /** Parts whose rows lie in the store. */
  readonly stored: readonly number[];
  /** Rows of these, but for items that ran again since: by status, and the codes of those that failed. */
  readonly ended: Readonly<Record<CompactRow['status'], number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly items: readonly FoundItem[];
}

/**
 * Batches that a Redis which forgot does not know any more. The archive has each as it was accepted, and as it was after each change of
 * its state; what its items are is told by the store.
 *
 * Promises: a batch that Redis knows is left as it is; one whose deletion had begun comes back only to be deleted. What an item is by
 * now is looked up in the step that counts it, so nothing that ends meanwhile is counted twice or not at all.
 * An outage is JobError `queue_unavailable`, or `storage_unavailable` of the archive.
 */
export interface LostBatches {
  /** The batch as the archive has it, its counts empty; null when it has none. Throws `internal` for a damaged one. */
  kept(id: BatchId): Promise<BatchRecord | null>;
  /** All batches that the archive has. */
  keptIds(): AsyncIterable<BatchId>;
  /** False when Redis knew it, or the archive has none. */
  bringBack(id: BatchId, found: FoundItems): Promise<boolean>;
  /** Changed, and not yet in the archive as they are now. */
  unkept(): Promise<BatchId[]>;
  /** Puts the batch, as it stands in Redis, into the archive. */
  keep(id: BatchId): Promise<void>;
  /** Whether this Redis has been compared with the archive within the last hour. One that forgot has not. */
  isSearched(): Promise<boolean>;
  noteSearched(): Promise<void>;
  /** Has whoever does the work for batches look at once. */
  askForSearch(): Promise<void>;
}
