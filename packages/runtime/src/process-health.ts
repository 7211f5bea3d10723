import type { Health } from './admin-server.js';

/**
 * How a process is, as orchestrators and other processes see it: it starts, serves (`busy` while work is under way), drains.
 * It stands before the parts that it tells of, so that the admin server can answer while they are still being opened.
 */
export class ProcessHealth {
  #phase: 'starting' | 'serving' | 'draining' = 'starting';
  #isBusy: () => boolean = () => false;
  readonly #needs: (() => Promise<void>)[] = [];

  get now(): Health {
    if (this.#phase !== 'serving') return this.#phase;
    return this.#isBusy() ? 'busy' : 'ready';
  }

  /** From now on the process is ready only while `check` resolves; its error says what is wrong. */
  require(check: () => Promise<void>): void {
    this.#needs.push(check);
  }

  /** Everything is open. */
  serve(isBusy: () => boolean = () => false): void {
    this.#isBusy = isBusy;
    this.#phase = 'serving';
  }

  /** Nothing new is taken any more. */
  drain(): void {
    this.#phase = 'draining';
  }

  /** @throws what the first failing check throws. */
  async checkNeeds(): Promise<void> {
    await Promise.all(this.#needs.map((check) => check()));
  }
}
