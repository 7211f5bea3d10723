import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isErrorCode, JobError } from '@styleflow/contracts';
import { LEAN_ENVIRONMENT, LEAN_NODE_FLAGS } from '@styleflow/runtime/for-commands';
import { z } from 'zod';

const ReadyLine = z.object({ ready: z.literal(true), port: z.int().nullable() });

/** A worker that has died is started again after this time. The time doubles with each early death. */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A process that dies earlier than this after its start has died early. */
const SETTLED_MS = 60_000;

export interface SupervisedProcessOptions {
  readonly name: string;
  /** Path of the process's main module. */
  readonly module: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets the stderr of the process, line by line. It must not throw. It is not closed at the end. */
  readonly log: { write(line: string): unknown };
  /** Called with a sentence for people when the process has died, and when it runs again. */
  readonly say: (sentence: string) => void;
}

/** A child process that is started again whenever it dies, until it is stopped. */
export class SupervisedProcess {
  readonly #options: SupervisedProcessOptions;
  #child: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #stopping = false;
  #restart: NodeJS.Timeout | null = null;
  #delayMs = FIRST_DELAY_MS;
  /** The last lines of stderr, which are shown when a start fails. */
  #tail: string[] = [];

  constructor(options: SupervisedProcessOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves with the port of the process when it is ready. Rejects with its last lines when it dies before. */
  start(): Promise<number | null> {
    const { name, module, env } = this.#options;
    const startedAt = Date.now();
    const child = fork(module, [], {
      env: { ...LEAN_ENVIRONMENT, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [...LEAN_NODE_FLAGS],
      detached: true,
    });
    this.#child = child;
    this.#tail = [];
    this.#follow(child);
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
    return new Promise((resolve, reject) => {
      let isReady = false;
      if (child.stdout === null) throw new Error('stdout is a pipe');
      createInterface({ input: child.stdout }).on('line', (line) => {
        const ready = ReadyLine.safeParse(parseOrNull(line));
        if (!ready.success) return;
        isReady = true;
        resolve(ready.data.port);
      });
      child.once('exit', (code, signal) => {
        this.#child = null;
        if (!isReady) reject(startFailure(name, signal ?? `code ${code}`, this.#tail));
        if (!this.#stopping && isReady) this.#scheduleRestart(code, signal, Date.now() - startedAt);
      });
    });
  }

  #follow(child: ChildProcess): void {
    if (child.stderr === null) return;
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#options.log.write(`${line}\n`);
      this.#tail = [...this.#tail.slice(-4), line];
    });
  }

  #scheduleRestart(code: number | null, signal: string | null, livedMs: number): void {
    if (livedMs > SETTLED_MS) this.#delayMs = FIRST_DELAY_MS;
    const { name, say } = this.#options;
    say(`${name} ended unexpectedly (${signal ?? `code ${code}`}); starting it again`);
    this.startLater();
  }

  /** Starts the process later, and again until it runs, with growing pauses. Also for a first start that has failed. */
  startLater(): void {
    const { name, say } = this.#options;
    this.#restart = setTimeout(() => {
      this.start().then(
        () => say(`${name} is back`),
        (error: unknown) => {
          say(error instanceof Error ? error.message : String(error));
          if (!this.#stopping) this.startLater();
        },
      );
    }, this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, LONGEST_DELAY_MS);
  }

  /** Sends SIGTERM, and SIGKILL when the process has not ended within `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const child = this.#child;
    if (child !== null) {
      child.kill('SIGTERM');
      const hammer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await this.#exited;
      clearTimeout(hammer);
    }
  }
}

/**
 * The error of a failed start: code and sentence that the process printed last, so that the caller's mistakes stay
 * theirs.
 */
function startFailure(name: string, end: string, lastLines: readonly string[]): JobError {
  const text = lastLines.join(' ').replace(/\s+/g, ' ').trim();
  const [, code = '', sentence] = /(?:^| )error: ([a-z_]+): (.*)$/.exec(text) ?? [];
  if (isErrorCode(code)) return new JobError(code, `${name} did not start: ${sentence}`);
  return new JobError('internal', `${name} did not start (${end}): ${text}`);
}

function parseOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
