import { setTimeout as pause } from 'node:timers/promises';
import { DependencyCheck } from './dependency-check.js';
import { codeOf } from './error-code.js';
import type { Logger } from './logger.js';

/** How often a start says what it still waits for, and how soon it tries again. */
const SAY_EVERY_MS = 10_000;
const RETRY_MS = 500;
/** The codes of what may come back by itself. */
const AWAY = new Set(['queue_unavailable', 'storage_unavailable']);

interface ReachOptions {
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  readonly everyMs?: number;
  readonly retryMs?: number;
}

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
  /** What the start waits for. */
  readonly #missing = new Map<string, { readonly state: string; readonly reason: string }>();

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
   * Opens what the start cannot go on without. While Redis or the store is away it says so, at once and again, and tries on, so that
   * a process may start before what it rests on; `/readyz` tells the reason meanwhile.
   * @throws what `open` throws, when it is anything else
   */
  async reach<T>(
    name: string,
    open: () => Promise<T>,
    { logger, everyMs = SAY_EVERY_MS, retryMs = RETRY_MS }: ReachOptions,
  ): Promise<T> {
    let saidAt = Number.NEGATIVE_INFINITY;
    for (;;) {
      try {
        const opened = await open();
        if (this.#missing.delete(name)) logger.info({ dependency: name }, `${name} is there`);
        return opened;
      } catch (error) {
        const state = codeOf(error);
        if (!AWAY.has(state)) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        this.#missing.set(name, { state, reason });
        if (performance.now() - saidAt >= everyMs) {
          saidAt = performance.now();
          logger.warn({ dependency: name, state }, `${name} is not there: ${reason}; it is tried again until it is`);
        }
      }
      if (this.#phase === 'draining') throw new Error(`the process was told to stop while it waited for ${name}`);
      await pause(retryMs);
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
    const awaited = [...this.#missing].filter(([name]) => !this.#checks.some((check) => check.name === name));
    const health = this.now;
    const isServing = health !== 'starting' && health !== 'draining';
    return {
      health,
      ready: isServing && found.every(({ check, outcome }) => !check.isNeeded || outcome.state === 'ok'),
      checks: Object.fromEntries([
        ...awaited.map(([name, { state }]) => [name, state]),
        ...found.map(({ check, outcome }) => [check.name, outcome.state]),
      ]),
      reasons: Object.fromEntries([
        ...awaited.map(([name, { reason }]) => [name, reason]),
        ...found.flatMap(({ check, outcome }) => (outcome.reason === undefined ? [] : [[check.name, outcome.reason]])),
      ]),
    };
  }
}
