import { JobError } from '@styleflow/contracts';
import { isOutOfMemory } from '@styleflow/inference';

/** A run may take so many times what the slowest one took while warming up, and at least a minute. */
const TIMES_WARM_UP = 20;
const LEAST_LIMIT_MS = 60_000;

/**
 * Failed runs in a row, of whichever clips, that are the device's fault. A clip that breaks a run fails two: its batch and
 * itself.
 */
const FAILURES_IN_A_ROW = 10;

/** A process that was stopped for a while finds its timers due: the limit is counted in steps, each of which has run. */
const STEPS = 10;

/**
 * Tells when the device itself is broken, which no single clip shows: a driver that hangs never answers, while the worker
 * renews the locks of its clips for ever; a card that fell off the bus refuses each run at once, and its worker would spend
 * the attempts of every clip in the queue before the others get to them.
 */
export class DeviceWatch {
  /** Settles when the device is to be given up, and with it the process. */
  readonly gaveUp: Promise<JobError>;
  #giveUp: (error: JobError) => void = () => undefined;
  #limitMs = LEAST_LIMIT_MS;
  #failures = 0;

  constructor() {
    this.gaveUp = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
  }

  /** Notes what a run took that was known to be slow: the first of its size. */
  expect(seconds: number): void {
    this.#limitMs = Math.max(this.#limitMs, seconds * 1000 * TIMES_WARM_UP);
  }

  /** Waits for one run; throws what it throws. */
  async during<T>(run: () => Promise<T>): Promise<T> {
    let steps = 0;
    const timer = setInterval(() => {
      steps += 1;
      if (steps === STEPS) this.#end(`the device has not answered for ${Math.round(this.#limitMs / 1000)} s`);
    }, this.#limitMs / STEPS);
    try {
      const answer = await run();
      this.#failures = 0;
      return answer;
    } catch (error) {
      // A run that was too large is made smaller, whatever else is wrong.
      if (!isOutOfMemory(error)) this.#count(error);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  #count(error: unknown): void {
    this.#failures += 1;
    if (this.#failures < FAILURES_IN_A_ROW) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#end(`the device failed ${FAILURES_IN_A_ROW} runs in a row, at last with: ${reason}`);
  }

  #end(sentence: string): void {
    this.#giveUp(new JobError('inference_failed', sentence));
  }
}
