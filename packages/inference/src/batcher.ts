import { JobError, toJobError } from '@styleflow/contracts';
import { type BatchPolicy, BatchQueue, type Waiting } from './batch-queue.js';

/** How one item of a run ended. */
export type Outcome<R> = { readonly value: R } | { readonly error: JobError };

export interface BatcherOptions<T, R> extends BatchPolicy {
  /** Runs items together; answers one outcome each, in order. When it throws, the items are tried one by one. */
  readonly run: (items: readonly T[]) => Promise<readonly Outcome<R>[]>;
}

interface Entry<T, R> {
  readonly item: T;
  readonly settle: (outcome: Outcome<R>) => void;
}

/**
 * The loop around `BatchQueue`: one run at a time, the next batch gathering meanwhile. An item that breaks a run breaks
 * only itself: after a failed run of several, each is run alone.
 */
export class Batcher<T, R> {
  readonly #options: BatcherOptions<T, R>;
  readonly #queue: BatchQueue<Entry<T, R>>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: BatcherOptions<T, R>) {
    this.#options = options;
    this.#queue = new BatchQueue(options);
  }

  /**
   * @throws JobError of the item's own outcome; `internal` at once when the signal fires or the batcher closes. A run in
   * progress goes on without the one that gave up.
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

  /** Rejects what waits, and waits for what runs. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#look();
    await this.#running;
  }

  #look(): void {
    clearTimeout(this.#timer);
    for (const { item } of this.#queue.dropAborted()) item.settle({ error: givenUp() });
    if (this.#running) return;
    const step = this.#queue.next(performance.now());
    if (step.batch) {
      this.#running = this.#run(step.batch).finally(() => {
        this.#running = undefined;
        this.#look();
      });
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
      else for (const waiting of batch) await this.#run([waiting]);
    }
  }
}

function givenUp(): JobError {
  return new JobError('internal', 'the attempt was given up before it ran');
}
