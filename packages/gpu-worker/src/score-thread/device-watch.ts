import { JobError } from '@styleflow/contracts';

/**
 * A run may take so many times what the slowest one took while warming up, and at least a minute. Ten minutes are enough for any: a
 * first run that builds engines or meets a busy machine takes minutes, and says nothing of those that follow.
 */
const TIMES_WARM_UP = 20;
const LEAST_LIMIT_MS = 60_000;
const MOST_LIMIT_MS = 600_000;

/**
 * Failed runs in a row that may be the device's fault, or that of the clips: an imported model may have no answer to any clip of
 * some job. A blank clip, which the device scored while warming up, tells.
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
    this.#limitMs = Math.min(MOST_LIMIT_MS, Math.max(this.#limitMs, seconds * 1000 * TIMES_WARM_UP));
  }

  /** Waits for one run; throws what it throws. `runBlank` runs one blank clip, before `during` settles. */
  async during<T>(run: () => Promise<T>, runBlank: () => Promise<unknown>): Promise<T> {
    try {
      const answer = await this.#time(run);
      this.#failures = 0;
      return answer;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures >= FAILURES_IN_A_ROW) await this.#examine(runBlank);
      throw error;
    }
  }

  async #time<T>(run: () => Promise<T>): Promise<T> {
    let steps = 0;
    const timer = setInterval(() => {
      steps += 1;
      if (steps === STEPS) this.#end(`the device has not answered for ${Math.round(this.#limitMs / 1000)} s`);
    }, this.#limitMs / STEPS);
    try {
      return await run();
    } finally {
      clearInterval(timer);
    }
  }

  async #examine(runBlank: () => Promise<unknown>): Promise<void> {
    try {
      await this.#time(runBlank);
      this.#failures = 0;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#end(`the device failed ${this.#failures} runs in a row and a blank clip, with: ${reason}`);
    }
  }

  #end(sentence: string): void {
    this.#giveUp(new JobError('inference_failed', sentence));
  }
}
