import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { isErrorCode, JobError } from '@styleflow/contracts';
import { LEAN_ENVIRONMENT, LEAN_NODE_FLAGS } from '@styleflow/runtime';
import { z } from 'zod';

const ReadyLine = z.object({ ready: z.literal(true), port: z.int().nullable() });

/** A worker that dies is started again after this long, doubled at each early death. */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** A process that lived this long had started well. */
const SETTLED_MS = 60_000;

export interface SupervisedProcessOptions {
  readonly name: string;
  /** Path of the process's main module. */
  readonly module: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gets its stderr, line by line; stays open. */
  readonly log: Writable;
  /** Told in words when the process dies and when it is back. */
  readonly say: (sentence: string) => void;
}

/** A child process, started again when it dies, until it is stopped. */
export class SupervisedProcess {
  readonly #options: SupervisedProcessOptions;
  #child: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #stopping = false;
  #restart: NodeJS.Timeout | null = null;
  #delayMs = FIRST_DELAY_MS;
  /** The last lines of stderr: what a failed start shows. */
  #tail: string[] = [];

  constructor(options: SupervisedProcessOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves with the port that the process serves once it is ready; rejects with its last words when it dies before. */
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

  /** After a first start that failed, too: tries again, ever more slowly, until it runs. */
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

  /** SIGTERM, and SIGKILL when it has not drained within `graceMs`. */
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

/** What the process said last, with its code: a wrong setting or bundle is the caller's fault here as well. */
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
