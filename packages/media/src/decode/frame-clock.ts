/** Longer steps are gaps, if the frames before did not lie nearly as far apart. */
const GAP_SECONDS = 1;
const GAP_STEPS = 2.5;

export interface FramePlace {
  readonly index: number;
  /** From the first frame. */
  readonly seconds: number;
  readonly isAfterGap: boolean;
}

/** Turns the container's time stamps into seconds from the first frame, and numbers the frames. */
export class FrameClock {
  readonly #frameSeconds: number;
  #origin: number | null = null;
  #seconds = 0;
  #index = -1;
  /** Time between the last two frames of a window; at first as the header has it. */
  #step: number;
  #isWindowStart = true;

  /** @param fps average frame rate, 25 when null. It times frames without a time stamp. */
  constructor(fps: number | null) {
    this.#frameSeconds = 1 / (fps ?? 25);
    this.#step = this.#frameSeconds;
  }

  /** The next frame has this number and begins a window: it does not follow the last one. */
  startWindow(index: number): void {
    this.#isWindowStart = true;
    this.#index = index - 1;
  }

  /** @param timeStamp the container's, in seconds; null where it has none. */
  place(timeStamp: number | null): FramePlace {
    const isFirst = this.#isWindowStart;
    if (timeStamp !== null) this.#origin ??= timeStamp;
    const following = isFirst ? (this.#index + 1) * this.#frameSeconds : this.#seconds + this.#frameSeconds;
    const seconds = timeStamp === null || this.#origin === null ? following : timeStamp - this.#origin;
    const step = Math.max(0, seconds - this.#seconds);
    const isAfterGap = !isFirst && step > GAP_SECONDS && step > GAP_STEPS * this.#step;
    if (!isFirst && !isAfterGap && step > 0) this.#step = step;
    this.#index += 1;
    this.#seconds = Math.max(this.#seconds, seconds);
    this.#isWindowStart = false;
    return { index: this.#index, seconds: this.#seconds, isAfterGap };
  }
}
