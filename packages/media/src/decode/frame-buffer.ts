/**
 * Puts frames of one size together from chunks of any size. It reuses a fixed ring of buffers, so memory does not grow
 * with the video. The newest `lent` frames are with the reader; the other buffers fill meanwhile.
 */
export class FrameBuffer {
  readonly #free: Uint8Array[];
  readonly #ready: Uint8Array[] = [];
  #filling: Uint8Array | undefined;
  #filled = 0;
  /** The rest of the chunk that arrived when no buffer was free. The source is paused then, so it is never more. */
  #overflow: Uint8Array[] = [];
  readonly #lent: Uint8Array[] = [];
  readonly #mostLent: number;

  constructor(frameBytes: number, frames: number, mostLent = 1) {
    this.#mostLent = mostLent;
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

  /** Lends the next whole frame. The oldest of as many as may be lent may be overwritten from now on. */
  next(): Uint8Array | undefined {
    this.takeBack();
    const next = this.#ready.shift();
    if (next) this.#lent.push(next);
    return next;
  }

  /** Takes the oldest lent frame back when another one is wanted. @returns false when the source should stay paused. */
  takeBack(): boolean {
    if (this.#lent.length >= this.#mostLent) this.#free.push(this.#lent.shift() as Uint8Array);
    const overflow = this.#overflow;
    this.#overflow = [];
    let wantsMore = true;
    for (const chunk of overflow) wantsMore = this.push(chunk) && wantsMore;
    return wantsMore;
  }
}
