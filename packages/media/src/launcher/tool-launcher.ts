import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quote, SHELL_PROGRAM } from './shell-program.js';

/** What the shell says about a run: `started 17`; or that no more will come, since the shell is gone. */
export type LauncherAnswer = readonly [word: 'refused' | 'started' | 'ended' | 'gone', number: number];

/** The way to the launcher, from its own thread or another one. */
export interface LauncherLine {
  /**
   * Starts `words` as the run of that name; its first answer is `started`, `refused` or `gone`, its last one `ended` or `gone`.
   * @param input `EMPTY_INPUT` or `NAMED_PIPE`
   */
  start(run: string, input: string, words: readonly string[], onAnswer: OnAnswer): void;
}

/** @param folder where the named pipes of the run are, once it is started: `RUN.out`, `RUN.err`, and `RUN.in` if asked for. */
type OnAnswer = (answer: LauncherAnswer, folder: string) => void;

interface Shell {
  readonly child: ChildProcess;
  readonly folder: string;
}

const find = (name: string): string => [`/usr/bin/${name}`, `/bin/${name}`].find((path) => existsSync(path)) ?? name;

/**
 * A shell of a megabyte that starts programs for this process, which may be large: Node starts them by `fork`, and after each one every
 * page of memory that a process has is marked, and costs a fault when it is next written to (docs/operations/tuning.md, what a start of
 * a program costs). It is started when first wanted, best while the process is still small, and anew after its death. It does not keep
 * the process alive while nothing runs.
 */
export class ToolLauncher implements LauncherLine {
  readonly #runs = new Map<string, { readonly onAnswer: OnAnswer; keeper: string }>();
  #shell: Shell | undefined;

  /** Starts the shell now, while the process is small. */
  open(): void {
    this.#open();
  }

  /** Resolves when the shell has ended, and with it what it has started. */
  async close(): Promise<void> {
    const child = this.#shell?.child;
    if (child === undefined) return;
    child.ref();
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
  }

  start(run: string, input: string, words: readonly string[], onAnswer: OnAnswer): void {
    const { child } = this.#open();
    this.#runs.set(run, { onAnswer, keeper: '' });
    this.#keepAlive(child);
    child.stdin?.write(`start ${run} ${[input, ...words].map(quote).join(' ')}\n`);
  }

  #open(): Shell {
    if (this.#shell !== undefined) return this.#shell;
    const folder = mkdtempSync(join(tmpdir(), 'styleflow-tools-'));
    const words = ['-c', SHELL_PROGRAM, 'styleflow-launcher', folder, find('mkfifo'), find('rm')];
    const child = spawn(find('sh'), words, { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
    const shell = { child, folder };
    this.#shell = shell;
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(line, shell);
    });
    child.stdin.on('error', () => undefined);
    const gone = (): void => {
      if (this.#shell !== shell) return;
      this.#shell = undefined;
      endGroup(child);
      rmSync(folder, { recursive: true, force: true });
      const runs = [...this.#runs.values()];
      this.#runs.clear();
      for (const { onAnswer } of runs) onAnswer(['gone', 0], folder);
    };
    child.once('error', gone);
    child.once('exit', gone);
    this.#keepAlive(child);
    return shell;
  }

  #hear(line: string, { child, folder }: Shell): void {
    const [name = '', word, number = ''] = line.split(' ');
    const run = this.#runs.get(name);
    if (run === undefined) {
      if (word === 'kept') child.stdin?.write(`bury ${number}\n`);
      return;
    }
    switch (word) {
      case 'kept':
        run.keeper = number;
        return;
      case 'started':
        run.onAnswer([word, Number(number)], folder);
        return;
      case 'refused':
      case 'ended':
        this.#runs.delete(name);
        // The shell remembers those that waited until it is asked for them.
        if (run.keeper !== '') child.stdin?.write(`bury ${run.keeper}\n`);
        this.#keepAlive(child);
        run.onAnswer([word, Number(number)], folder);
    }
  }

  #keepAlive(child: ChildProcess): void {
    for (const held of [child, child.stdin as Socket | null, child.stdout as Socket | null]) {
      if (this.#runs.size > 0) held?.ref();
      else held?.unref();
    }
  }
}

/** What waits for a program, or for the other end of a pipe, would do so for ever. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
