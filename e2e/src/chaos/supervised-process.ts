import { setTimeout as pause } from 'node:timers/promises';
import {
  type FaultyLink,
  isAlive,
  killAsOutOfMemory,
  type SkewedClock,
  type SmallDisk,
  until,
} from '@styleflow/testing';
import type { ProcessUnderTest } from '../system/process-under-test.js';

/** What belongs to one process alone, so that a fault can meet it and no other. */
export interface OwnThings {
  /** Its way to Redis. */
  readonly redisLink: FaultyLink;
  /** Its scratch folder, on a small disk of its own where that could be mounted. */
  readonly scratch: string;
  readonly scratchDisk: SmallDisk | null;
  /** The only place where it finds ffmpeg. */
  readonly programs: string;
  readonly clock: SkewedClock | null;
  readonly adminPort: number;
}

const RESTART_AFTER_MS = 500;

/** A process that is started again whenever it ends, as production's supervisor does it, unless it is held. */
export class SupervisedProcess {
  /** `cpu-worker-2`. */
  readonly name: string;
  readonly process: ProcessUnderTest;
  readonly own: OwnThings;
  /** Ends that no fault of ours made, with the last lines of the log. */
  readonly ownEnds: string[] = [];
  #isStopping = false;
  #isRunning = false;
  #isKilled = false;
  #held: Promise<void> = Promise.resolve();
  #kept: Promise<void> = Promise.resolve();

  constructor(name: string, process: ProcessUnderTest, own: OwnThings) {
    this.name = name;
    this.process = process;
    this.own = own;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Null while it does not run. */
  get pid(): number | null {
    try {
      return this.process.pid;
    } catch {
      return null;
    }
  }

  /** Resolves once it serves; from then on it is kept running. */
  async start(): Promise<void> {
    this.#kept = this.#keepRunning();
    await until(`${this.name} runs`, () => this.#isRunning);
  }

  /** SIGKILL. It stays away until the function that comes back is called. */
  async kill(): Promise<() => void> {
    let release = (): void => {};
    this.#held = new Promise((resolve) => {
      release = resolve;
    });
    this.#isKilled = true;
    await this.process.kill9();
    return release;
  }

  /** Kills it or one of its children, as the kernel does when memory runs out. It is started again at once. */
  killFattest(): void {
    const { pid } = this;
    if (pid === null || !isAlive(pid)) return;
    if (killAsOutOfMemory(pid) === pid) this.#isKilled = true;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.process.stop();
    await this.#kept;
  }

  async #keepRunning(): Promise<void> {
    while (!this.#isStopping) {
      await this.#held;
      try {
        await this.process.start();
        this.#isRunning = true;
        await this.process.ended();
      } catch {
        // It could not start: its last lines are kept below.
      }
      this.#isRunning = false;
      if (this.#isStopping) return;
      if (!this.#isKilled) this.ownEnds.push(this.process.lines.slice(-2).join(' | ').slice(0, 600));
      this.#isKilled = false;
      await pause(RESTART_AFTER_MS);
    }
  }
}
