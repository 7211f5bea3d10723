import { Readable } from 'node:stream';

export interface ResumedStreamOptions {
  /** Length of the whole; null where it is not known. A stream that ends earlier is broken. */
  readonly bytes: number | null;
  /**
   * Opens the rest, from this byte on. Null where that cannot be: then the whole ends with what broke it. What it throws ends the
   * whole instead.
   */
  readonly reopen: (from: number) => Promise<Readable | null>;
}

/** So often a stream is taken up again, and only where the connection before has brought something. */
const MOST_RESUMPTIONS = 8;

/**
 * Passes a stream on; where it breaks, it goes on with the rest. Who reads it sees one stream, with back-pressure, and the error of
 * the last break when it cannot go on. Destroying it ends what it reads.
 */
export function resumedStream(first: Readable, options: ResumedStreamOptions): Readable {
  return new ResumedStream(first, options);
}

class ResumedStream extends Readable {
  readonly #options: ResumedStreamOptions;
  #current: Readable;
  #passed = 0;
  #resumptions = 0;

  constructor(first: Readable, options: ResumedStreamOptions) {
    super();
    this.#options = options;
    this.#current = first;
    this.#follow(first);
  }

  override _read(): void {
    this.#current.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#current.destroy();
    done(error);
  }

  #follow(source: Readable): void {
    const from = this.#passed;
    this.#current = source;
    let isOver = false;
    const end = (error: Error | null): void => {
      if (isOver) return;
      isOver = true;
      this.#ended(error, from);
    };
    source.on('data', (chunk: Buffer) => {
      this.#passed += chunk.length;
      if (!this.push(chunk)) source.pause();
    });
    source.once('end', () => end(null));
    source.on('error', end);
    const wasCut = (): void => end(source.errored ?? new Error('the stream was cut'));
    source.once('close', wasCut);
    // One that broke before it came here tells nobody any more.
    if (source.destroyed) process.nextTick(wasCut);
  }

  #ended(error: Error | null, from: number): void {
    if (this.destroyed) return;
    const { bytes, reopen } = this.#options;
    if (error === null && (bytes === null || this.#passed >= bytes)) {
      this.push(null);
      return;
    }
    const cause = error ?? new Error(`${this.#passed} of ${bytes} bytes came`);
    this.#resumptions += 1;
    if (this.#passed === from || this.#resumptions > MOST_RESUMPTIONS) {
      this.destroy(cause);
      return;
    }
    reopen(this.#passed).then(
      (rest) => {
        if (this.destroyed) rest?.destroy();
        else if (rest === null) this.destroy(cause);
        else this.#follow(rest);
      },
      (refusal: Error) => this.destroy(refusal),
    );
  }
}
