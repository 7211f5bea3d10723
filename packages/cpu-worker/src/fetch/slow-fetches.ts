import type { Slots } from '@styleflow/runtime';

/** A fetch that takes longer than this makes room for another entry. */
const SLOW_MS = 300;

/**
 * How many entries a worker may hold: as many as it decodes at once, and another one for each whose source is slow. So it takes
 * nothing that another worker could decode sooner, and a source that drips keeps nobody from being decoded.
 */
export class SlowFetches {
  readonly #atOnce: number;
  readonly #most: number;
  readonly #slowMs: number;
  readonly #resize: (entries: number) => void;
  readonly #slots: Slots;
  #slow = 0;

  /**
   * @param options `most`: entries that may be held, however many are slow; `slots`: where fetches under way are counted for
   *   those who tell of them.
   */
  constructor(options: {
    atOnce: number;
    most: number;
    resize: (entries: number) => void;
    slots: Slots;
    slowMs?: number;
  }) {
    this.#slots = options.slots;
    this.#atOnce = options.atOnce;
    this.#most = options.most;
    this.#resize = options.resize;
    this.#slowMs = options.slowMs ?? SLOW_MS;
  }

  async during<T>(fetch: () => Promise<T>): Promise<T> {
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      this.#count(1);
    }, this.#slowMs);
    try {
      return await this.#slots.during(fetch);
    } finally {
      clearTimeout(timer);
      if (isSlow) this.#count(-1);
    }
  }

  #count(more: number): void {
    this.#slow += more;
    this.#resize(Math.min(this.#most, this.#atOnce + this.#slow));
  }
}
