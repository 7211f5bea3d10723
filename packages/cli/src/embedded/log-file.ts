import { closeSync, fstatSync, openSync, truncateSync, writeSync } from 'node:fs';

/** How often a file that cannot be written is tried again. */
const RETRY_MS = 5_000;

/**
 * The log of a child process, as a file to which lines are added. A log must never bring down what it tells of: lines that cannot be
 * written, since the disk is full or the folder is gone, are dropped and counted. That is said once, and again when it is over.
 */
export class LogFile {
  readonly #path: string;
  readonly #say: (sentence: string) => void;
  readonly #nowMs: () => number;
  #fd: number | null = null;
  #dropped = 0;
  #triedAt = 0;

  /** @param nowMs a clock that never goes back */
  constructor(path: string, say: (sentence: string) => void, nowMs: () => number = () => performance.now()) {
    this.#path = path;
    this.#say = say;
    this.#nowMs = nowMs;
  }

  write(line: string): void {
    if (this.#dropped > 0 && this.#nowMs() - this.#triedAt < RETRY_MS) {
      this.#dropped += 1;
      return;
    }
    try {
      this.#append(line);
      if (this.#dropped > 0) this.#say(`${this.#path} can be written again; ${this.#dropped} lines are missing in it`);
      this.#dropped = 0;
    } catch (error) {
      if (this.#dropped === 0) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#say(`${this.#path} cannot be written, so its lines are dropped: ${reason}`);
      }
      this.#dropped += 1;
      this.#triedAt = this.#nowMs();
      this.close();
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  /** The whole line or nothing of it: half a line would spoil the next one, too. */
  #append(line: string): void {
    this.#fd ??= openSync(this.#path, 'a');
    const bytes = Buffer.from(line);
    const before = fstatSync(this.#fd).size;
    const written = writeSync(this.#fd, bytes);
    if (written === bytes.length) return;
    truncateSync(this.#path, before);
    throw new Error('no space is left on the disk');
  }
}
