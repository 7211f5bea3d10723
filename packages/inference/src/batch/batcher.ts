import { JobError, toJobError } from '@styleflow/contracts';
import { isOutOfMemory } from '../session/out-of-memory.js';
import { type BatchPolicy, BatchQueue, type Waiting } from './batch-queue.js';

/** How one item of a run ended. */
export type Outcome<R> = { readonly value: R } | { readonly error: JobError };

export interface BatcherOptions<T, R> extends BatchPolicy {
  /** Runs items together and answers one outcome for each, in order. When it throws, the items are run one by one. */
  readonly run: (items: readonly T[]) => Promise<readonly Outcome<R>[]>;
  /**
   * Pass on the next batch, once it is full, while one still runs. The runner can then stack it before the device is
   * free.
   */
  readonly preparesNext?: boolean;
}

interface Entry<T, R> {
  readonly item: T;
  readonly settle: (outcome: Outcome<R>) => void;
}

/**
 * The loop around `BatchQueue`. One batch runs while the next one gathers; where the runner prepares the next one, two
 * are passed on. An item that breaks a run fails alone: after a failed run of several, each is run by itself. A batch
 * too large for the device's memory is halved, and no larger one is tried again.
 */
export class Batcher<T, R> {
  readonly #options: BatcherOptions<T, R>;
  readonly #queue: BatchQueue<Entry<T, R>>;
  #timer: NodeJS.Timeout | undefined;
  readonly #running = new Set<Promise<void>>();
  /** Whether a suspect runs, with which no item may share the device. */
  #isExclusive = false;
  #isClosed = false;

  constructor(options: BatcherOptions<T, R>) {
    this.#options = options;
    this.#queue = new BatchQueue(options);
  }

  /**
   * Resolves with the item's value. A run in progress continues without an item whose caller gave up.
   * @throws JobError of the item's own outcome; `internal` at once when the signal fires or the batcher closes.
   */
  submit(item: T, { isAlone, signal }: { isAlone: boolean; signal: AbortSignal }): Promise<R> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        reject(givenUp());
        this.#look();
      };
      const settle = (outcome: Outcome<R>): void => {
        signal.removeEventListener('abort', abort);
        if ('value' in outcome) resolve(outcome.value);
        else reject(outcome.error);
      };
      const isAborted = (): boolean => signal.aborted || this.#isClosed;
      this.#queue.push({ item: { item, settle }, isAlone, since: performance.now(), isAborted });
      signal.addEventListener('abort', abort, { once: true });
      this.#look();
    });
  }

  /** Rejects waiting items and waits for the running ones. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#look();
    await Promise.all(this.#running);
  }

  #look(): void {
    clearTimeout(this.#timer);
    for (const { item } of this.#queue.dropAborted()) item.settle({ error: givenUp() });
    const isBusy = this.#running.size > 0;
    if (isBusy && (this.#isExclusive || this.#running.size > (this.#options.preparesNext ? 1 : 0))) return;
    const step = this.#queue.next(performance.now(), isBusy);
    if (step.batch) {
      this.#isExclusive = step.batch.some(({ isAlone }) => isAlone);
      const run = this.#run(step.batch).finally(() => {
        this.#running.delete(run);
        this.#look();
      });
      this.#running.add(run);
      this.#look();
    } else if (step.waitMs !== null) {
      this.#timer = setTimeout(() => this.#look(), Math.ceil(step.waitMs));
    }
  }

  async #run(batch: readonly Waiting<Entry<T, R>>[]): Promise<void> {
    try {
      const outcomes = await this.#options.run(batch.map(({ item }) => item.item));
      batch.forEach(({ item }, index) => {
        item.settle(outcomes[index] ?? { error: new JobError('internal', 'a run answered for too few items') });
      });
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1) only?.item.settle({ error: toJobError(error, 'inference_failed') });
      else await this.#runSmaller(batch, isOutOfMemory(error));
    }
  }

  async #runSmaller(batch: readonly Waiting<Entry<T, R>>[], isTooLarge: boolean): Promise<void> {
    const size = isTooLarge ? Math.ceil(batch.length / 2) : 1;
    if (isTooLarge) this.#queue.shrink(size);
    for (let start = 0; start < batch.length; start += size) await this.#run(batch.slice(start, start + size));
  }
}

function givenUp(): JobError {
  return new JobError('internal', 'the attempt was given up before it ran');
}
