import { DependencyCheck } from './dependency-check.js';

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
