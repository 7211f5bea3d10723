import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * A server started by this program is ended by the kernel when its test process is killed, so that no test leaves a
 * server behind.
 */
const SETPRIV = '/usr/bin/setpriv';

/** Starts a program that ends with this process, whatever ends this process. Its standard output and error are piped. */
export function spawnTied(
  program: string,
  args: readonly string[],
  options: { cwd?: string; variables?: Readonly<Record<string, string>> } = {},
): ChildProcess {
  const tied = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', program, ...args] : [program, ...args];
  const [command = program, ...rest] = tied;
  return spawn(command, rest, {
    cwd: options.cwd,
    env: { ...process.env, ...options.variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Resolves when the program has printed `text`; rejects with its output when it ends before. */
export function waitForOutput(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    let isReady = false;
    const read = (chunk: Buffer): void => {
      // Output is read on, because a full pipe would stop the program, but it is no longer kept.
      if (isReady) return;
      output += chunk.toString();
      if (!output.includes(text)) return;
      isReady = true;
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`${child.spawnfile} ended (${signal ?? code}) before it was ready:\n${output.slice(-2000)}`));
    });
  });
}

/** Sends the signal to a running program and waits for its end. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
