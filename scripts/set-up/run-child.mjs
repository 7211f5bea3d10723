import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { ROOT } from './root.mjs';

/**
 * Runs a step of the set-up. Its stdout goes to our stderr, since stdout belongs to the command that follows.
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] quiet: shown only when the step fails
 * @returns {Promise<number>} the exit code; 127 when the program does not exist
 */
export function runStep(file, args, { env = process.env, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, env, stdio: ['ignore', quiet ? 'pipe' : 2, quiet ? 'pipe' : 2] });
    /** @type {Buffer[]} */
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => ('code' in error && error.code === 'ENOENT' ? resolve(127) : reject(error)));
    child.on('close', (code, signal) => {
      const exitCode = exitCodeOf(code, signal);
      if (exitCode !== 0) process.stderr.write(Buffer.concat(output));
      resolve(exitCode);
    });
  });
}

/** npm, a terminal and a process group may each deliver the same Ctrl-C. Signals within this time count as one. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs the command itself: our terminal, our signals, its exit code.
 *
 * `ownGroup`: the command gets a process group of its own, so that a Ctrl-C reaches it once, through us, and not its
 * children beside it (Redis must go last); and a channel, whose end tells it that we were killed.
 * @param {string} file
 * @param {string[]} args
 * @param {{ ownGroup: boolean, cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} the exit code, 128 + the signal's number when a signal ended it
 */
export function runInForeground(file, args, { ownGroup, cwd, env = process.env }) {
  return new Promise((resolve, reject) => {
    /** @type {import('node:child_process').ChildProcess | undefined} */
    let child;
    /** @type {Map<NodeJS.Signals, number>} */
    const lastSent = new Map();
    // Installed before the command runs, because a signal in between would end this process alone.
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => {
        const now = performance.now();
        if (now - (lastSent.get(signal) ?? Number.NEGATIVE_INFINITY) < SAME_SIGNAL_MS) return;
        lastSent.set(signal, now);
        child?.kill(signal);
      });
    }
    child = spawn(file, args, {
      cwd,
      env,
      detached: ownGroup,
      stdio: ownGroup ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(exitCodeOf(code, signal)));
  });
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
function exitCodeOf(code, signal) {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
