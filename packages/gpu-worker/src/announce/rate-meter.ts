/** How many of something a second, from one look to the next. */
export class RateMeter {
  #count = 0;
  #since: number;
  readonly #nowMs: () => number;

  /** `nowMs`: a clock that never goes back. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#since = nowMs();
  }

  add(count: number): void {
    this.#count += count;
  }

  /** Per second since the last call of this, or since the beginning; starts anew. To a hundredth. */
  sinceLastTime(): number {
    const now = this.#nowMs();
    const seconds = (now - this.#since) / 1000;
    const rate = seconds > 0 ? this.#count / seconds : 0;
    this.#count = 0;
    this.#since = now;
    return Math.round(rate * 100) / 100;
  }
}
