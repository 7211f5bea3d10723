/** Sizes are rounded up to a multiple of this, so that what was a little smaller fits the next time. */
const STEP_BYTES = 65_536;
/** Memory of up to so many times the wanted size is taken. */
const MOST_TOO_LARGE = 2;

/**
 * Large memory that is used again and again. Fresh memory comes from the kernel, which finds and clears it page by page when it is
 * first touched: that costs more than what is then written into it.
 */
export class SpareMemory {
  readonly #mostBytes: number;
  /** Oldest first. */
  readonly #spare: ArrayBuffer[] = [];
  #spareBytes = 0;
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** @param mostBytes so many are kept; what is given back beyond them goes its way, the oldest first. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** @returns so many bytes that nobody else has; what stands in them is left over from another use. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const at = this.#spare.findLastIndex(({ byteLength }) => byteLength >= bytes && byteLength <= mostFor(bytes));
    const [kept] = at < 0 ? [] : this.#spare.splice(at, 1);
    if (kept) this.#spareBytes -= kept.byteLength;
    const memory = kept ?? new ArrayBuffer(rounded(bytes));
    this.#lent.add(memory);
    return new Uint8Array(memory, 0, bytes);
  }

  /** Lets all go that is not lent. */
  clear(): void {
    this.#spare.length = 0;
    this.#spareBytes = 0;
  }

  /** Takes back what `take` gave: nobody may look at it any more. Whatever else it is given, it leaves alone. */
  give({ buffer }: Uint8Array): void {
    if (!this.#lent.delete(buffer)) return;
    if (buffer.byteLength > this.#mostBytes) return;
    this.#spare.push(buffer as ArrayBuffer);
    this.#spareBytes += buffer.byteLength;
    while (this.#spareBytes > this.#mostBytes) this.#spareBytes -= this.#spare.shift()?.byteLength ?? 0;
  }
}

function rounded(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / STEP_BYTES)) * STEP_BYTES;
}

function mostFor(bytes: number): number {
  return MOST_TOO_LARGE * rounded(bytes);
}
