/** An item that waits to share a tensor batch. */
export interface Waiting<T> {
  readonly item: T;
  /** Whether it must run alone, because it is suspected of having killed a worker. */
  readonly isAlone: boolean;
  /** Since when it waits, in milliseconds on the caller's clock. */
  readonly since: number;
  readonly isAborted: () => boolean;
}

export interface BatchPolicy {
  /** Most items in one run. */
  readonly maxBatch: number;
  /** How long an item may wait for others once the device is free. */
  readonly maxWaitMs: number;
}

/** What the caller does next: run these items, or ask again after so many milliseconds (null: when an item arrives). */
export type NextStep<T> =
  | { readonly batch: readonly Waiting<T>[] }
  | { readonly batch: null; readonly waitMs: number | null };

/**
 * Decides which items run together. It holds no timer and no promise; the caller passes the time.
 *
 * First come, first served. A batch is due when it is full or its oldest item has waited long enough. Tensors are
 * padded to a bucket (1, 2, 4, 8, … maxBatch). So a batch that would leave more than a quarter of its bucket empty is
 * cut to the next smaller bucket; the rest goes back to the head of the queue and keeps the time it has waited.
 */
export class BatchQueue<T> {
  readonly #policy: BatchPolicy;
  #maxBatch: number;
  #waiting: Waiting<T>[] = [];

  constructor(policy: BatchPolicy) {
    this.#policy = policy;
    this.#maxBatch = policy.maxBatch;
  }

  /** Lowers the most items in one run, because the device cannot hold more than `size`. */
  shrink(size: number): void {
    this.#maxBatch = Math.max(1, Math.min(this.#maxBatch, size));
  }

  get size(): number {
    return this.#waiting.length;
  }

  push(waiting: Waiting<T>): void {
    this.#waiting.push(waiting);
  }

  /** Takes out items that nobody waits for any more, so that they take no time of the device. */
  dropAborted(): readonly Waiting<T>[] {
    const aborted = this.#waiting.filter(({ isAborted }) => isAborted());
    if (aborted.length > 0) this.#waiting = this.#waiting.filter((waiting) => !aborted.includes(waiting));
    return aborted;
  }

  /** Takes out all items, for a shutdown. */
  takeAll(): readonly Waiting<T>[] {
    return this.#waiting.splice(0);
  }

  /**
   * Decides what runs next. While the device is busy only a full batch is worth preparing, since a smaller one would
   * exclude the items that arrive in the meantime. A suspect never shares the device.
   */
  next(now: number, isBusy = false): NextStep<T> {
    const suspect = this.#waiting.findIndex(({ isAlone }) => isAlone);
    const maxBatch = this.#maxBatch;
    const company = suspect === -1 ? this.#waiting.length : suspect;
    if (isBusy)
      return company < maxBatch ? { batch: null, waitMs: null } : { batch: this.#waiting.splice(0, maxBatch) };
    // Items before a suspect go first. A suspect at the head goes at once, because it would not share its batch anyway.
    if (suspect === 0) return { batch: this.#waiting.splice(0, 1) };
    const oldest = this.#waiting[0];
    if (!oldest) return { batch: null, waitMs: null };
    const isClosed = company >= maxBatch || suspect !== -1;
    const waitMs = oldest.since + this.#policy.maxWaitMs - now;
    if (!isClosed && waitMs > 0) return { batch: null, waitMs };
    return { batch: this.#waiting.splice(0, sizeOfBatch(company, maxBatch)) };
  }
}

/** The tensor size for `count` items: the smallest power of two that holds them, at most `maxBatch`. */
export function bucketFor(count: number, maxBatch: number): number {
  if (!Number.isInteger(count) || count < 1 || count > maxBatch) {
    throw new RangeError(`a batch of ${count} does not fit into 1 to ${maxBatch}`);
  }
  let bucket = 1;
  while (bucket < count) bucket *= 2;
  return Math.min(bucket, maxBatch);
}

/** Every tensor size that can occur, largest first: the order to warm up in. */
export function bucketSizes(maxBatch: number): number[] {
  const sizes = [maxBatch];
  let size = 1;
  while (size * 2 < maxBatch) size *= 2;
  for (; size >= 1 && size < maxBatch; size /= 2) sizes.push(size);
  return sizes.filter(Number.isInteger);
}

/** The whole bucket when at least three quarters of it are filled, else the next smaller one, filled completely. */
function sizeOfBatch(count: number, maxBatch: number): number {
  const within = Math.min(count, maxBatch);
  const bucket = bucketFor(within, maxBatch);
  return within >= bucket * 0.75 ? within : previousBucket(bucket);
}

function previousBucket(bucket: number): number {
  let size = 1;
  while (size * 2 < bucket) size *= 2;
  return size;
}
