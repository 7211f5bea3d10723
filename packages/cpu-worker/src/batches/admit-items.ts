import { partOf, readItems, type StoredItem } from '@styleflow/batches';
import { type BundleFacts, isEnded, itemJobId, JobError, JobOptionsSchema } from '@styleflow/contracts';
import { type BatchRecord, preparePayloadOf, sealSource } from '@styleflow/queue';
import { claimedUploadKey, sourceKey } from '@styleflow/storage';
import type { BatchPorts } from './batch-ports.js';

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
   * One job, however often this is repeated: its id is the item's. False when the batch takes no more. What lacks its upload or
   * its bundle becomes a job that has failed.
   */
  async #admitOne(batch: BatchRecord, item: StoredItem): Promise<boolean> {
    const { records, queue, store, vault } = this.#ports;
    const id = itemJobId(batch.id, item.index);
    const bundle = await this.#bundleOf(batch, item);
    const claimed = claimedUploadKey(batch.id, item.index);
    const isUpload = item.source.type === 'upload';
    const isCopied =
      isUpload && ((await store.copy(claimed, sourceKey(id))) || (await store.head(sourceKey(id))) !== null);
    const bytes = isCopied ? ((await store.head(sourceKey(id)))?.bytes ?? 0) : 0;
    const options = JobOptionsSchema.parse({ ...batch.options, ...item.options, bundle: (bundle ?? batch.bundle).id });
    let record: Awaited<ReturnType<typeof records.create>>;
    try {
      record = await records.create({
        id,
        owner: batch.owner,
        ...sealSource(vault, id, item.source),
        options,
        bundle: bundle ?? batch.bundle,
        metadata: { id: item.id, ...item.labels, ...item.metadata },
        batch: batch.id,
        item: item.index,
        ...(item.source.type === 'upload' && isCopied ? { stored: { bytes, uploadId: item.source.uploadId } } : {}),
      });
    } catch (error) {
      if (error instanceof JobError && error.code === 'conflict') return false;
      throw error;
    }
    if (isEnded(record.status)) return true;
    const lack = isUpload && !isCopied ? 'Its upload had gone before the batch could claim it.' : null;
    const message = lack ?? (bundle === null ? `No bundle ${item.options.bundle} is known any more.` : null);
    if (message !== null) {
      await records.end({ job: id, run: record.run }, { status: 'failed', error: { code: 'internal', message } });
      return true;
    }
    await queue.addFlow(preparePayloadOf(record));
    if (isUpload) await store.delete([claimed]);
    return true;
  }

  /** Null where the item names one that is not known any more. */
  async #bundleOf(batch: BatchRecord, { options }: StoredItem): Promise<BundleFacts | null> {
    if (options.bundle === undefined || options.bundle === batch.bundle.id) return batch.bundle;
    return (await this.#ports.announcements.bundles()).find(({ id }) => id === options.bundle) ?? null;
  }
}
