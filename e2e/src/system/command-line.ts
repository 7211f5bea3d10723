import { type ChildProcess, spawn } from 'node:child_process';
import { MAIN_PATH } from '@styleflow/cli';

export interface CommandLineOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** One run of `styleflow ARGS`, without a terminal and without stdin. */
export class CommandLine {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #ended: Promise<number | null>;
  #watchers: { text: string; fire: () => void }[] = [];

  constructor(args: readonly string[], { cwd, env }: CommandLineOptions = {}) {
    this.child = spawn(process.execPath, [MAIN_PATH, ...args], {
      ...(cwd !== undefined && { cwd }),
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk) => {
      this.stdout += String(chunk);
    });
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += String(chunk);
      for (const { fire } of this.#watchers.filter(({ text }) => this.stderr.includes(text))) fire();
    });
    this.#ended = new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }

  /** Resolves once stderr holds `text`. */
  said(text: string): Promise<void> {
    return new Promise((fire) => {
      if (this.stderr.includes(text)) fire();
      else this.#watchers.push({ text, fire });
    });
  }

  /** The exit code; null when a signal ended it. */
  ended(): Promise<number | null> {
    return this.#ended;
  }
}

/** Runs the command to its end. */
export async function runCommandLine(
  args: readonly string[],
  options: CommandLineOptions = {},
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const run = new CommandLine(args, options);
  const exitCode = await run.ended();
  return { exitCode, stdout: run.stdout, stderr: run.stderr };
}
