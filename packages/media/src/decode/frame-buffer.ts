/**
 * Puts frames of one size together from chunks of any size. It reuses a fixed ring of buffers, so memory does not grow
 * with the video. One frame at a time is lent to the reader; the other buffers fill meanwhile.
 */
export class FrameBuffer {
  readonly #free: Uint8Array[];
  readonly #ready: Uint8Array[] = [];
  #filling: Uint8Array | undefined;
  #filled = 0;
  /** The rest of the chunk that arrived when no buffer was free. The source is paused then, so it is never more. */
  #overflow: Uint8Array[] = [];
  #lent: Uint8Array | undefined;

  constructor(frameBytes: number, frames: number) {
    this.#free = Array.from({ length: frames }, () => new Uint8Array(frameBytes));
  }

  /** Takes a chunk. @returns false when the source should pause until `next` has been called. */
  push(chunk: Uint8Array): boolean {
    let rest = chunk;
    while (rest.length > 0) {
      this.#filling ??= this.#free.pop();
      if (this.#filling === undefined) {
        this.#overflow.push(rest);
        return false;
      }
      const part = rest.subarray(0, this.#filling.length - this.#filled);
      this.#filling.set(part, this.#filled);
      this.#filled += part.length;
      rest = rest.subarray(part.length);
      if (this.#filled === this.#filling.length) {
        this.#ready.push(this.#filling);
        this.#filling = undefined;
        this.#filled = 0;
      }
    }
    return true;
  }

  get hasFrame(): boolean {
    return this.#ready.length > 0;
  }

  /** Lends the next whole frame. From now on the frame that was lent before may be overwritten. */
  next(): Uint8Array | undefined {
    this.takeBack();
    this.#lent = this.#ready.shift();
    return this.#lent;
  }

  /** Takes the lent frame back. @returns false when the source should stay paused. */
  takeBack(): boolean {
    if (this.#lent) this.#free.push(this.#lent);
    this.#lent = undefined;
    const overflow = this.#overflow;
    this.#overflow = [];
    let wantsMore = true;
    for (const chunk of overflow) wantsMore = this.push(chunk) && wantsMore;
    return wantsMore;
  }
}
