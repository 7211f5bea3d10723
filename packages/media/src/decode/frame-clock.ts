/** Turns the container's time stamps into seconds from the first frame, and into frame numbers. */
export class FrameClock {
  readonly #frameSeconds: number;
  #origin: number | null = null;
  #seconds = 0;
  #index = -1;
  #isWindowStart = false;

  /**
   * @param fps average frame rate, 25 when null. It times frames without a time stamp, and numbers frames after a seek.
   */
  constructor(fps: number | null) {
    this.#frameSeconds = 1 / (fps ?? 25);
  }

  /** The frames from here on were reached by seeking, so they do not follow the last one. */
  startWindow(): void {
    this.#isWindowStart = this.#index >= 0;
  }

  /**
   * @param timeStamp the container's, in seconds; null where it has none.
   * @returns the frame's number and time; null for a frame that an earlier window has already given, because seeking
   * may end before the wanted place.
   */
  place(timeStamp: number | null): { index: number; seconds: number } | null {
    if (timeStamp !== null) this.#origin ??= timeStamp;
    const following = this.#index < 0 ? 0 : this.#seconds + this.#frameSeconds;
    const seconds = timeStamp === null || this.#origin === null ? following : timeStamp - this.#origin;
    if (this.#isWindowStart && seconds <= this.#seconds) return null;
    const next = this.#index + 1;
    this.#index = this.#isWindowStart ? Math.max(next, Math.round(seconds / this.#frameSeconds)) : next;
    this.#seconds = Math.max(this.#seconds, seconds);
    this.#isWindowStart = false;
    return { index: this.#index, seconds: this.#seconds };
  }
}
