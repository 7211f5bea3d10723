/** Seconds spent per step of the stage, summed over its parts. */
export class StepClock {
  readonly #seconds = new Map<string, number>();

  add(step: string, seconds: number): void {
    this.#seconds.set(step, (this.#seconds.get(step) ?? 0) + seconds);
  }

  /** Counts the time that `task` takes, also when it fails. */
  async time<T>(step: string, task: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await task();
    } finally {
      this.add(step, (performance.now() - started) / 1000);
    }
  }

  /** To the millisecond. */
  get seconds(): Record<string, number> {
    return Object.fromEntries([...this.#seconds].map(([step, seconds]) => [step, Math.round(seconds * 1000) / 1000]));
  }
}
