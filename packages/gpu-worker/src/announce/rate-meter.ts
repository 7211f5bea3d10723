/** Counts events and tells how many there were in a second. */
export class RateMeter {
  #count = 0;
  #since: number;
  readonly #nowMs: () => number;

  /** `nowMs` is a clock that never goes back. */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#since = nowMs();
  }

  add(count: number): void {
    this.#count += count;
  }

  /** Events in a second since the last call (or since the beginning), rounded to a hundredth. Counting starts anew. */
  sinceLastTime(): number {
    const now = this.#nowMs();
    const seconds = (now - this.#since) / 1000;
    const rate = seconds > 0 ? this.#count / seconds : 0;
    this.#count = 0;
    this.#since = now;
    return Math.round(rate * 100) / 100;
  }
}
