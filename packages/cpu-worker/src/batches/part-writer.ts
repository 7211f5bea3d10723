import { writePart } from '@styleflow/batches';
import type { BatchId } from '@styleflow/contracts';
import { ITEMS_PER_PART } from '@styleflow/queue';
import { type BatchPart, batchPartsPrefix, type ObjectStore } from '@styleflow/storage';

/** Collects items or faults and writes them part by part. Written again from the beginning, parts are the same. */
export class PartWriter<T extends object> {
  readonly #store: ObjectStore;
  readonly #batch: BatchId;
  readonly #kind: BatchPart;
  #held: T[] = [];
  #parts = 0;
  #count = 0;

  constructor(store: ObjectStore, batch: BatchId, kind: BatchPart) {
    this.#store = store;
    this.#batch = batch;
    this.#kind = kind;
  }

  get count(): number {
    return this.#count;
  }

  async add(value: T): Promise<void> {
    this.#held.push(value);
    this.#count += 1;
    if (this.#held.length === ITEMS_PER_PART) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#held.length === 0) return;
    await writePart(this.#store, this.#batch, this.#kind, this.#parts, this.#held);
    this.#parts += 1;
    this.#held = [];
  }

  /** Nothing of it is wanted. */
  async drop(): Promise<void> {
    this.#held = [];
    this.#count = 0;
    await this.#store.deletePrefix(batchPartsPrefix(this.#batch, this.#kind));
  }
}
