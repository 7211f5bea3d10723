import { inheritedOptions, partOf, readItems, type StoredItem, wantedOptions } from '@styleflow/batches';
import {
  type BundleFacts,
  type ErrorCode,
  isCalibrated,
  isEnded,
  itemJobId,
  JobError,
  type JobOptions,
} from '@styleflow/contracts';
import { type BatchRecord, type JobRecord, preparePayloadOf } from '@styleflow/queue';
import { claimedUploadKey, sourceKey } from '@styleflow/storage';
import type { BatchPorts } from './batch-ports.js';
import { type SettledItem, settleItem } from './settle-item.js';

/** Makes items jobs. Each batch's part that is being admitted is kept, a few hundred kB. */
export class ItemAdmission {
  readonly #ports: BatchPorts;
  readonly #parts = new Map<string, { readonly part: number; readonly items: readonly StoredItem[] }>();

  constructor(ports: BatchPorts) {
    this.#ports = ports;
  }

  /** Admits the next so many items of a batch, in order; fewer where it has been canceled meanwhile. */
  async admit(batch: BatchRecord, count: number): Promise<void> {
    const last = Math.min(batch.counts.total, batch.next + count);
    for (let index = batch.next; index < last; index += 1) {
      if (!(await this.#admitOne(batch, await this.#itemOf(batch, index)))) return;
    }
  }

  /** Only these batches are under way. */
  keepOnly(batches: readonly BatchRecord[]): void {
    const ids = new Set<string>(batches.map(({ id }) => id));
    for (const id of this.#parts.keys()) if (!ids.has(id)) this.#parts.delete(id);
  }

  async #itemOf({ id }: BatchRecord, index: number): Promise<StoredItem> {
    const part = partOf(index);
    let known = this.#parts.get(id);
    if (known?.part !== part) {
      known = { part, items: await readItems(this.#ports.store, id, part) };
      this.#parts.set(id, known);
    }
    const item = known.items.find((each) => each.index === index);
    if (item === undefined) throw new JobError('internal', `Item ${index} of ${id} is not where it was written.`);
    return item;
  }

  /**
   * One job, however often this is repeated: its id is the item's. False when the batch takes no more. What lacks its upload, its
   * bundle or the earlier job that it names becomes a job that has failed.
   */
  async #admitOne(batch: BatchRecord, item: StoredItem): Promise<boolean> {
    const { records, queue, store } = this.#ports;
    const id = itemJobId(batch.id, item.index);
    const settled = await settleItem(this.#ports, batch.owner, item, (earlier) =>
      wantedOptions(batch, item, inheritedOptions(earlier)),
    );
    const options = settled.options ?? wantedOptions(batch, item);
    const chosen = await this.#bundlesOf(batch, options);
    const claimed = claimedUploadKey(batch.id, item.index);
    const isUpload = item.source.type === 'upload';
    const isCopied =
      isUpload && ((await store.copy(claimed, sourceKey(id))) || (await store.head(sourceKey(id))) !== null);
    const bytes = isCopied ? ((await store.head(sourceKey(id)))?.bytes ?? 0) : 0;
    let record: Awaited<ReturnType<typeof records.create>>;
    try {
      record = await records.create({
        id,
        owner: batch.owner,
        ...settled.job,
        options: options.bundles === undefined ? { ...options, bundle: chosen.bundle.id } : options,
        bundle: chosen.bundle,
        ...(chosen.bundles && { bundles: chosen.bundles }),
        batch: batch.id,
        item: item.index,
        ...(item.source.type === 'upload' && isCopied ? { stored: { bytes, uploadId: item.source.uploadId } } : {}),
      });
    } catch (error) {
      if (!(error instanceof JobError && error.code === 'conflict')) throw error;
      // Canceled since it was read: nobody else knows of the copy of a job that is not made.
      if (isCopied && (await records.read(id)) === null) await store.delete([sourceKey(id)]);
      return false;
    }
    if (isEnded(record.status)) return true;
    const error = isUpload && !isCopied ? UPLOAD_GONE : (lackOf(settled, record) ?? chosen.lack);
    if (error !== null) {
      await records.end({ job: id, run: record.run }, { status: 'failed', error });
      return true;
    }
    await queue.addFlow(preparePayloadOf(record));
    if (isUpload) await store.delete([claimed]);
    return true;
  }

  /** `lack`: why the job cannot be judged; null where it can. */
  async #bundlesOf(batch: BatchRecord, { bundle, bundles: ids, combine }: JobOptions): Promise<ChosenBundles> {
    if (ids === undefined && (bundle === undefined || bundle === batch.bundle.id)) {
      return { bundle: batch.bundle, lack: null };
    }
    const known = await this.#ports.announcements.bundles();
    const wanted = ids ?? (bundle === undefined ? [] : [bundle]);
    const found = wanted.flatMap((id) => known.find((each) => each.id === id) ?? []);
    const missing = wanted.filter((id) => !found.some((each) => each.id === id));
    const [first = batch.bundle] = found;
    const chosen = { bundle: first, ...(ids !== undefined && found.length > 0 && { bundles: found }) };
    const lacking = (message: string) => ({ ...chosen, lack: { code: 'bundle_unknown', message } as const });
    if (missing.length > 0) return lacking(`No bundle ${missing.join(', ')} is known any more.`);
    if (ids !== undefined && combine === 'mean' && !found.every(isCalibrated)) {
      return lacking('Scores can be averaged of calibrated bundles alone.');
    }
    return { ...chosen, lack: null };
  }
}

interface ChosenBundles {
  readonly bundle: BundleFacts;
  readonly bundles?: readonly BundleFacts[];
  readonly lack: { readonly code: ErrorCode; readonly message: string } | null;
}

/** A job that was made before the earlier one went has what it needs. */
function lackOf({ lack, job }: SettledItem, { source }: Pick<JobRecord, 'source'>): SettledItem['lack'] {
  return JSON.stringify(source) === JSON.stringify(job.source) ? lack : null;
}

const UPLOAD_GONE = { code: 'internal', message: 'Its upload had gone before the batch could claim it.' } as const;
