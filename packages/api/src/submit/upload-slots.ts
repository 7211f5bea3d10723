import { JobError } from '@styleflow/contracts';

/**
 * Limits how many multipart bodies this process receives at once. Each holds connections to the client and to the
 * store.
 */
export class UploadSlots {
  readonly #max: number;
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** @throws JobError `rate_limited` when all slots are taken. */
  async hold<T>(task: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#max) {
      throw new JobError(
        'rate_limited',
        `${this.#max} uploads are on their way already; try again soon, or use POST /v1/uploads, which goes past the API.`,
      );
    }
    this.#taken += 1;
    try {
      return await task();
    } finally {
      this.#taken -= 1;
    }
  }
}
