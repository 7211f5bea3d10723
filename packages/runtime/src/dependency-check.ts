import { setTimeout as after } from 'node:timers/promises';
import { codeOf } from './error-code.js';

/** Orchestrators, Prometheus and people ask as often as they like: the dependency is asked once in so long. */
const FRESH_MS = 2_000;
/** What does not answer within this is not reached. */
const PATIENCE_MS = 4_000;

export interface CheckOutcome {
  /** `ok`, `timeout`, or the code of what is wrong. */
  readonly state: string;
  /** A sentence for operators, which may hold addresses inside; absent when all is well. */
  readonly reason?: string;
}

/** One thing that a process rests on, and how it was a moment ago. */
export class DependencyCheck {
  readonly name: string;
  /** Without it the process is not ready; else its state is only shown. */
  readonly isNeeded: boolean;
  readonly #check: () => Promise<void>;
  #known: { readonly at: number; readonly outcome: CheckOutcome } | undefined;
  /** One at a time, also where it hangs. */
  #running: Promise<CheckOutcome> | undefined;

  constructor(name: string, check: () => Promise<void>, isNeeded: boolean) {
    this.name = name;
    this.#check = check;
    this.isNeeded = isNeeded;
  }

  /** Never rejects. */
  async outcome(): Promise<CheckOutcome> {
    if (this.#known !== undefined && performance.now() - this.#known.at < FRESH_MS) return this.#known.outcome;
    this.#running ??= this.#run();
    const answered = new AbortController();
    const late = after(PATIENCE_MS, undefined, { signal: answered.signal, ref: false }).then(
      (): CheckOutcome => ({ state: 'timeout', reason: `it has not answered for ${PATIENCE_MS / 1000} s` }),
      (): CheckOutcome => ({ state: 'timeout' }),
    );
    const outcome = await Promise.race([this.#running, late]);
    answered.abort();
    this.#known = { at: performance.now(), outcome };
    return outcome;
  }

  async #run(): Promise<CheckOutcome> {
    try {
      await this.#check();
      return { state: 'ok' };
    } catch (error) {
      return { state: codeOf(error), reason: error instanceof Error ? error.message : String(error) };
    } finally {
      this.#running = undefined;
    }
  }
}
