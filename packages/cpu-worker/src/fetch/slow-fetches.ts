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
  #slow = 0;
  #running = 0;

  /** @param most entries that may be held, however many are slow. */
  constructor(options: { atOnce: number; most: number; resize: (entries: number) => void; slowMs?: number }) {
    this.#atOnce = options.atOnce;
    this.#most = options.most;
    this.#resize = options.resize;
    this.#slowMs = options.slowMs ?? SLOW_MS;
  }

  /** Sources that are being fetched. */
  get running(): number {
    return this.#running;
  }

  async during<T>(fetch: () => Promise<T>): Promise<T> {
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      this.#count(1);
    }, this.#slowMs);
    this.#running += 1;
    try {
      return await fetch();
    } finally {
      this.#running -= 1;
      clearTimeout(timer);
      if (isSlow) this.#count(-1);
    }
  }

  #count(more: number): void {
    this.#slow += more;
    this.#resize(Math.min(this.#most, this.#atOnce + this.#slow));
  }
}
