import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { inheritedEnv } from '../env.js';
import { EXIT, type ExitCode } from '../exit-codes.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a Python program in the foreground to its end: its input and output are this process's, signals are passed on, and it decides when
 * it ends. @returns 0, 1 or 2 as it exits; 1 when it is killed.
 */
export async function runPython(
  python: string,
  args: readonly string[],
  modules: string,
): Promise<{ readonly code: ExitCode; readonly signal: NodeJS.Signals | null }> {
  const { PYTHONPATH: before } = inheritedEnv;
  const child = spawn(python, args, {
    stdio: 'inherit',
    env: { ...inheritedEnv, PYTHONPATH: [modules, before].filter((each) => each).join(delimiter) },
  });
  // Ctrl-C reaches all processes of a terminal by itself.
  const passed = SIGNALS.filter((name) => name !== 'SIGINT' || process.stdin.isTTY !== true);
  const pass = (name: NodeJS.Signals): boolean => child.kill(name);
  const stay = (): void => {};
  for (const name of SIGNALS) process.on(name, passed.includes(name) ? pass : stay);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return { code: code === 0 ? EXIT.done : code === 2 ? EXIT.refused : EXIT.failed, signal };
  } finally {
    for (const name of SIGNALS) process.off(name, passed.includes(name) ? pass : stay);
  }
}
