import type { Checkpoint } from '@styleflow/checkpoints';

/** Told while a long import runs: bytes handled so far, and in all as far as that is known. */
export type ImportProgress = (done: number, total: number) => void;

/** Follows an import: how far it is, what each of its files took, and whether it is still wanted. */
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

  /** Adds bytes that will have to be handled. */
  expect(bytes: number): void {
    this.#total += bytes;
  }

  /** @throws what the signal was aborted with. */
  advance(bytes: number): void {
    this.#signal?.throwIfAborted();
    // Folding asks for some small tensors more than once.
    this.#done = Math.min(this.#done + bytes, this.#total);
    this.#onProgress(this.#done, this.#total);
  }

  /** Counts the time of `work` for a file. */
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

  /** The same checkpoint, but whatever is read from it is counted. */
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
