/**
 * The places of a worker: how many there are, and how many are taken. Counted where the work is done, so that those who tell
 * of a worker (health, metrics, announcements) can be there before it is.
 */
export class Slots {
  #total = 0;
  #busy = 0;

  /** 0 until the worker takes work. */
  get total(): number {
    return this.#total;
  }

  get busy(): number {
    return this.#busy;
  }

  /** Of 0 to 1; 0 until the worker takes work. */
  get busyRatio(): number {
    return this.#total === 0 ? 0 : this.#busy / this.#total;
  }

  open(total: number): void {
    this.#total = total;
  }

  /** Holds a place for as long as the task runs. */
  async during<T>(task: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await task();
    } finally {
      this.#busy -= 1;
    }
  }
}
