export interface RateFloorOptions {
  readonly minBytesPerSecond: number;
  /** The rate is taken over spans of this length, so the first of them is the grace that a sender has. */
  readonly windowMs: number;
}

/**
 * Tells a sender that drips from one that is slow but moves: the silence before each chunk may be short for hours while
 * hardly anything comes. Only the time that was spent waiting for the sender counts, not what the receiver does with a chunk.
 */
export class RateFloor {
  readonly #minBytes: number;
  readonly #windowMs: number;
  #waitedMs = 0;
  #bytes = 0;

  constructor({ minBytesPerSecond, windowMs }: RateFloorOptions) {
    this.#minBytes = (minBytesPerSecond * windowMs) / 1000;
    this.#windowMs = windowMs;
  }

  /** Notes a chunk that was waited for. False when the span that it ends brought fewer bytes than the floor asks for. */
  add(bytes: number, waitedMs: number): boolean {
    this.#bytes += bytes;
    this.#waitedMs += waitedMs;
    if (this.#waitedMs < this.#windowMs) return true;
    const isFastEnough = this.#bytes * this.#windowMs >= this.#minBytes * this.#waitedMs;
    this.#bytes = 0;
    this.#waitedMs = 0;
    return isFastEnough;
  }
}
