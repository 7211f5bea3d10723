import type { OutputMemory } from '../launcher/start-tool.js';

/** As much as a pipe gives at once. Smaller frames are read several at a time. */
const LANDING_BYTES = 65_536;

/**
 * Puts frames of one size together from output that comes in pieces of any size: it is written right into the frame that is being
 * filled. A fixed ring of frames is reused, so memory does not grow with the video. The newest `lent` frames are with the reader;
 * the others fill meanwhile.
 */
export class FrameBuffer implements OutputMemory {
  readonly #free: Uint8Array[];
  readonly #ready: Uint8Array[] = [];
  #filling: Uint8Array | undefined;
  #filled = 0;
  /** Takes the first piece after a pause, which is asked for while no frame is free, and pieces of small frames. */
  readonly #landing = new Uint8Array(LANDING_BYTES);
  #isLanding = false;
  /** The rest of the piece that came when no frame was free. The source is paused then, so it is never more. */
  #overflow: Uint8Array | null = null;
  readonly #lent: Uint8Array[] = [];
  readonly #mostLent: number;

  /** @param memory of `frames` frames; what stands in it does not matter. */
  constructor(memory: Uint8Array, frames: number, mostLent = 1) {
    this.#mostLent = mostLent;
    const frameBytes = memory.length / frames;
    this.#free = Array.from({ length: frames }, (_, i) => memory.subarray(i * frameBytes, (i + 1) * frameBytes));
  }

  place(): Uint8Array {
    this.#filling ??= this.#free.pop();
    const filling = this.#filling;
    this.#isLanding = filling === undefined || filling.length < LANDING_BYTES;
    return filling === undefined || this.#isLanding ? this.#landing : filling.subarray(this.#filled);
  }

  wrote(bytes: number): boolean {
    if (this.#isLanding) this.#push(this.#landing.subarray(0, bytes));
    else this.#grow(bytes);
    return this.wantsMore;
  }

  get hasFrame(): boolean {
    return this.#ready.length > 0;
  }

  /** Whether there is room; if not, the source pauses until the reader has gone on. */
  get wantsMore(): boolean {
    return this.#overflow === null && (this.#filling !== undefined || this.#free.length > 0);
  }

  /** Lends the next whole frame. The oldest of as many as may be lent may be overwritten from now on. */
  next(): Uint8Array | undefined {
    this.takeBack();
    const next = this.#ready.shift();
    if (next) this.#lent.push(next);
    return next;
  }

  /** Takes the oldest lent frame back when another one is wanted. */
  takeBack(): void {
    if (this.#lent.length >= this.#mostLent) this.#free.push(this.#lent.shift() as Uint8Array);
    const overflow = this.#overflow;
    this.#overflow = null;
    if (overflow) this.#push(overflow);
  }

  #push(piece: Uint8Array): void {
    let rest = piece;
    while (rest.length > 0) {
      this.#filling ??= this.#free.pop();
      if (this.#filling === undefined) {
        // A copy: the landing is written to again.
        this.#overflow = rest.slice();
        return;
      }
      const part = rest.subarray(0, this.#filling.length - this.#filled);
      this.#filling.set(part, this.#filled);
      this.#grow(part.length);
      rest = rest.subarray(part.length);
    }
  }

  /** So many more bytes of the frame that is being filled are there. */
  #grow(bytes: number): void {
    this.#filled += bytes;
    if (this.#filling === undefined || this.#filled < this.#filling.length) return;
    this.#ready.push(this.#filling);
    this.#filling = undefined;
    this.#filled = 0;
  }
}
