import { JobError } from '@styleflow/contracts';

/**
 * A run may take this many times as long as the slowest run of the warm-up, at least a minute and at most ten. First runs that build
 * engines or meet a busy machine take minutes, which says nothing of the runs that follow.
 */
const TIMES_WARM_UP = 20;
const LEAST_LIMIT_MS = 60_000;
const MOST_LIMIT_MS = 600_000;

/**
 * After this many failed runs in a row the device may be broken, or the clips are at fault: an imported model may fail
 * on every clip of some job. A run of a blank clip decides, because the device scored one while warming up.
 */
const FAILURES_IN_A_ROW = 10;

/**
 * The time limit is counted in steps. A process that was stopped for a while finds its timers due at once; one long
 * timer would then fire although the run had no time.
 */
const STEPS = 10;

/**
 * Finds out when the device itself is broken, which no single clip shows. A driver that hangs never answers, while the
 * worker renews the locks of its clips for ever. A card that fell off the bus refuses each run at once, so its worker
 * would use up the attempts of every clip in the queue before other workers get them.
 */
export class DeviceWatch {
  /** Settles when the device, and with it the process, is to be given up. */
  readonly gaveUp: Promise<JobError>;
  #giveUp: (error: JobError) => void = () => undefined;
  #limitMs = LEAST_LIMIT_MS;
  #failures = 0;

  constructor() {
    this.gaveUp = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
  }

  /** Notes the duration of a run that is expected to be slow, because it is the first of its size. */
  expect(seconds: number): void {
    this.#limitMs = Math.min(MOST_LIMIT_MS, Math.max(this.#limitMs, seconds * 1000 * TIMES_WARM_UP));
  }

  /**
   * Waits for one run and throws what it throws. `runBlank` runs one blank clip; it is called before `during` settles.
   */
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
