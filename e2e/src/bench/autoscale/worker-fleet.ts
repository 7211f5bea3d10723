import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('./device-time-main.js', import.meta.url));

interface Member {
  readonly askedAt: number;
  isUp: boolean;
  isLeaving: boolean;
  process: ChildProcess | null;
}

/**
 * Worker processes that a scaler starts and stops. A new one is ready only after the time that a worker with a card
 * takes to start.
 */
export class WorkerFleet {
  readonly #start: object;
  readonly #startMs: number;
  readonly #members = new Set<Member>();
  #paidMs = 0;

  constructor(start: object, startMs: number) {
    this.#start = start;
    this.#startMs = startMs;
  }

  /** Workers that were asked for, ready or not. */
  get replicas(): number {
    return [...this.#members].filter(({ isLeaving }) => !isLeaving).length;
  }

  get up(): number {
    return [...this.#members].filter(({ isUp, isLeaving }) => isUp && !isLeaving).length;
  }

  /** Milliseconds between the request for a worker and its end, summed over all workers so far. */
  get paidMs(): number {
    const now = performance.now();
    return [...this.#members].reduce((sum, { askedAt }) => sum + now - askedAt, this.#paidMs);
  }

  scaleTo(count: number): void {
    while (this.replicas < count) void this.#add();
    const leaving = [...this.#members].filter(({ isLeaving }) => !isLeaving).slice(count);
    for (const member of leaving) void this.#remove(member);
  }

  async stop(): Promise<void> {
    this.scaleTo(0);
    while (this.#members.size > 0) await wait(20);
  }

  async #add(): Promise<void> {
    const member: Member = { askedAt: performance.now(), isUp: false, isLeaving: false, process: null };
    this.#members.add(member);
    await wait(this.#startMs);
    if (member.isLeaving) return;
    member.process = fork(WORKER, [], { execArgv: [] });
    member.process.send(this.#start);
    await once(member.process, 'message');
    member.isUp = true;
  }

  async #remove(member: Member): Promise<void> {
    member.isLeaving = true;
    if (member.process) {
      const gone = once(member.process, 'exit');
      member.process.send('stop');
      await gone;
    }
    this.#members.delete(member);
    this.#paidMs += performance.now() - member.askedAt;
  }
}
