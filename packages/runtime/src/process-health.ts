import { setTimeout as pause } from 'node:timers/promises';
import { DependencyCheck } from './dependency-check.js';
import type { Logger } from './logger.js';

/** How often a start says what it still waits for. */
const SAY_EVERY_MS = 10_000;

export type Health = 'starting' | 'ready' | 'busy' | 'draining';

/** What `/readyz` says. */
export interface Readiness {
  readonly health: Health;
  readonly ready: boolean;
  /** By the name of the dependency: `ok`, `timeout`, or the code of what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
  /** Sentences for operators on what is wrong, by the same names. They may hold addresses inside. */
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * How a process is, as orchestrators and other processes see it: it starts, serves (`busy` while work is under way), drains.
 * It stands before the parts that it tells of, so that the admin server can answer while they are still being opened.
 */
export class ProcessHealth {
  #phase: 'starting' | 'serving' | 'draining' = 'starting';
  #isBusy: () => boolean = () => false;
  readonly #checks: DependencyCheck[] = [];

  get now(): Health {
    if (this.#phase !== 'serving') return this.#phase;
    return this.#isBusy() ? 'busy' : 'ready';
  }

  /** From now on the process is ready only while `check`, a cheap write and read, resolves; its error says what is wrong. */
  require(name: string, check: () => Promise<void>): void {
    this.#checks.push(new DependencyCheck(name, check, true));
  }

  /** Shows how something is without which the process still serves. */
  observe(name: string, check: () => Promise<void>): void {
    this.#checks.push(new DependencyCheck(name, check, false));
  }

  /**
   * Says of a process that starts which of its dependencies are not there: at once, and again until all of them have been there.
   * Never rejects.
   */
  async sayMissing(logger: Pick<Logger, 'warn' | 'info'>, everyMs = SAY_EVERY_MS): Promise<void> {
    for (let hasSaid = false; this.#phase !== 'draining'; hasSaid = true) {
      const { checks, reasons } = await this.readiness();
      const missing = Object.entries(checks).filter(([, state]) => state !== 'ok');
      if (missing.length === 0) {
        if (hasSaid) logger.info('everything that was missing is there');
        return;
      }
      for (const [dependency, state] of missing) {
        const reason = reasons[dependency] ?? state;
        logger.warn(
          { dependency, state },
          `${dependency} is not there: ${reason}; looking again in ${everyMs / 1000} s`,
        );
      }
      await pause(everyMs, undefined, { ref: false });
    }
  }

  /** Everything is open. */
  serve(isBusy: () => boolean = () => false): void {
    this.#isBusy = isBusy;
    this.#phase = 'serving';
  }

  /** Nothing new is taken any more. */
  drain(): void {
    this.#phase = 'draining';
  }

  /** How everything is that the process rests on, as of the last two seconds. Never rejects. */
  async readiness(): Promise<Readiness> {
    const found = await Promise.all(this.#checks.map(async (check) => ({ check, outcome: await check.outcome() })));
    const health = this.now;
    const isServing = health !== 'starting' && health !== 'draining';
    return {
      health,
      ready: isServing && found.every(({ check, outcome }) => !check.isNeeded || outcome.state === 'ok'),
      checks: Object.fromEntries(found.map(({ check, outcome }) => [check.name, outcome.state])),
      reasons: Object.fromEntries(
        found.flatMap(({ check, outcome }) => (outcome.reason === undefined ? [] : [[check.name, outcome.reason]])),
      ),
    };
  }
}
