import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../set-up/root.mjs';

const CLI = join(ROOT, 'packages/cli/dist/main.js');

/** `styleflow up` as a child, started again on demand. */
export class EmbeddedSystem {
  /** @type {import('node:child_process').ChildProcess | null} */
  #child = null;

  /** Ends the running one in order, if there is one, and starts another. */
  async restart() {
    await this.stop();
    // A group of its own, so that Ctrl-C reaches it once, through us; the channel's end tells it that we were killed.
    this.#child = spawn(process.execPath, [CLI, 'up'], {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  async stop() {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}
