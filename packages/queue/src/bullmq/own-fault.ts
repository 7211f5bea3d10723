import type { JobError } from '@styleflow/contracts';
import type { Logger } from '@styleflow/runtime';
import type { SurroundingChecks } from '../ports/job-queue.js';

const FIRST_LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 30_000;

interface OwnFaultOptions {
  readonly checks: SurroundingChecks;
  /** Takes nothing more; what runs goes on. */
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly logger: Logger;
}

/**
 * A worker that is itself at fault (its scratch disk is full, it has no ffmpeg) would take one entry after the other out of the
 * queue only to hand it back. So it takes nothing until what it lacks is there again, which it looks for by itself.
 */
export class OwnFault {
  readonly #options: OwnFaultOptions;
  #error: JobError | null = null;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: OwnFaultOptions) {
    this.#options = options;
  }

  /** Why the worker takes nothing; null while it does. */
  get error(): JobError | null {
    return this.#error;
  }

  /** An attempt has shown that the worker cannot work. */
  async found(error: JobError): Promise<void> {
    const isNew = this.#error === null;
    this.#error = error;
    if (!isNew || this.#isStopped) return;
    this.#options.logger.error(
      { err: error, away: error.away },
      'this worker is at fault: it takes nothing until it is well',
    );
    await this.#options.pause();
    this.#lookAfter(FIRST_LOOK_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #lookAfter(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#look().then((isWell) => {
        if (!isWell) this.#lookAfter(Math.min(LONGEST_LOOK_MS, delayMs * 2));
      });
    }, delayMs);
  }

  async #look(): Promise<boolean> {
    const { checks, resume, logger } = this.#options;
    const away = this.#error?.away;
    try {
      // What nobody can look at is tried again by the next entry.
      if (away !== undefined) await checks[away]?.();
    } catch (error) {
      logger.warn({ err: error, away }, 'this worker is still at fault');
      return false;
    }
    if (this.#isStopped) return true;
    this.#error = null;
    logger.info({ away }, 'this worker is well again');
    await resume();
    return true;
  }
}
