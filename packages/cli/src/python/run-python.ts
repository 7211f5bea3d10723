import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { LARGE_PAGES } from '@styleflow/runtime';
import { inheritedEnv } from '../env.js';
import { EXIT, type ExitCode } from '../exit-codes.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a Python program in the foreground to its end: its input and output are this process's, signals are passed on, and it decides when
 * it ends. @returns its own exit code, null when a signal ended it, and what that means here.
 */
export async function runPython(
  python: string,
  args: readonly string[],
  modules: string,
): Promise<{ readonly code: ExitCode; readonly exitCode: number | null }> {
  const { PYTHONPATH: before } = inheritedEnv;
  const child = spawn(python, args, {
    stdio: 'inherit',
    env: { ...LARGE_PAGES, ...inheritedEnv, PYTHONPATH: [modules, before].filter((each) => each).join(delimiter) },
  });
  // Ctrl-C reaches all processes of a terminal by itself.
  const passed = SIGNALS.filter((name) => name !== 'SIGINT' || process.stdin.isTTY !== true);
  const pass = (name: NodeJS.Signals): boolean => child.kill(name);
  const stay = (): void => {};
  for (const name of SIGNALS) process.on(name, passed.includes(name) ? pass : stay);
  try {
    const [exitCode] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return { code: exitCode === 0 ? EXIT.done : exitCode === 2 ? EXIT.refused : EXIT.failed, exitCode };
  } finally {
    for (const name of SIGNALS) process.off(name, passed.includes(name) ? pass : stay);
  }
}
