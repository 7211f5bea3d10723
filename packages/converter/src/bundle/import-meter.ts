import type { Checkpoint } from '@styleflow/checkpoints';

/** Called while a long import runs, with the bytes read so far and the bytes known to be needed in all. */
export type ImportProgress = (done: number, total: number) => void;

/** Follows one import: its progress, the time that each of its files took, and whether it has been cancelled. */
export class ImportMeter {
  readonly #onProgress: ImportProgress;
  readonly #signal: AbortSignal | undefined;
  readonly #seconds = new Map<string, number>();
  #done = 0;
  #total = 0;

  constructor(onProgress: ImportProgress = () => {}, signal?: AbortSignal) {
    this.#onProgress = onProgress;
    this.#signal = signal;
  }

  /** Adds bytes that are still to be read. */
  expect(bytes: number): void {
    this.#total += bytes;
  }

  /**
   * Counts bytes that were read.
   * @throws the signal's reason when the import was cancelled.
   */
  advance(bytes: number): void {
    this.#signal?.throwIfAborted();
    // Folding reads some small tensors more than once, so the count could pass the total.
    this.#done = Math.min(this.#done + bytes, this.#total);
    this.#onProgress(this.#done, this.#total);
  }

  /** Runs `work` and adds the time it took to that of `file`. */
  async time<T>(file: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      this.#seconds.set(file, this.seconds(file) + (performance.now() - startedAt) / 1000);
    }
  }

  seconds(file: string): number {
    return this.#seconds.get(file) ?? 0;
  }

  /** Wraps a checkpoint so that every read of it is counted. */
  watch(file: string, checkpoint: Checkpoint): Checkpoint {
    return {
      ...checkpoint,
      read: async (name, start, count) => {
        const values = await this.time(file, () => checkpoint.read(name, start, count));
        this.advance(values.byteLength);
        return values;
      },
    };
  }
}
