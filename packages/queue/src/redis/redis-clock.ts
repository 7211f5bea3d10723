import type { SharedClock } from '../ports/shared-clock.js';
import type { RedisClient } from './connection.js';

/** A reading is good for so long: two machines' steady clocks drift apart by some milliseconds in it. */
const GOOD_FOR_MS = 30_000;

/**
 * The one clock that all processes share. Between two readings it goes on by this process's steady clock, so a wall clock
 * that is wrong, jumps or stands still changes nothing.
 */
export class RedisClock implements SharedClock {
  readonly #client: Pick<RedisClient, 'time'>;
  #readAt = Number.NEGATIVE_INFINITY;
  #redisAt = 0;

  constructor(client: Pick<RedisClient, 'time'>) {
    this.#client = client;
  }

  /**
   * Milliseconds since the epoch.
   * @throws what the connection throws, when there is no good reading and none can be had.
   */
  async now(): Promise<number> {
    if (performance.now() - this.#readAt > GOOD_FOR_MS) await this.#read();
    return this.latest();
  }

  /** The same from the last reading, however old that is; 0 before the first one. */
  latest(): number {
    return this.#redisAt === 0 ? 0 : this.#redisAt + (performance.now() - this.#readAt);
  }

  async read(): Promise<number> {
    await this.#read();
    return this.latest();
  }

  async #read(): Promise<void> {
    const asked = performance.now();
    const [seconds, micros] = await this.#client.time();
    // The answer tells of a moment between the question and now.
    this.#readAt = (asked + performance.now()) / 2;
    this.#redisAt = Number(seconds) * 1000 + Number(micros) / 1000;
  }
}
