import { join } from 'node:path';
import { asksForHelp } from './asks-for-help.mjs';
import { check } from './check.mjs';
import { dev } from './dev/dev.mjs';
import { fix } from './fix.mjs';
import { followReadme } from './readme/follow-readme.mjs';
import { Refusal } from './set-up/refusal.mjs';
import { ROOT } from './set-up/root.mjs';
import { runInForeground } from './set-up/run-child.mjs';
import { setUp } from './set-up/set-up.mjs';
import { runTests } from './tests/run-tests.mjs';

const CLI = join(ROOT, 'packages/cli/dist/main.js');
const BENCH = join(ROOT, 'e2e/dist/bench/bench-main.js');

/**
 * The subcommands of `styleflow` that decode videos or start Redis on this machine. The others talk to a running API
 * or only read files, and must not ask for system packages.
 */
const NEEDS_SYSTEM_PACKAGES = new Set(['up', 'demo', 'analyze', 'evaluate', 'cpu-worker']);

/**
 * Sets up what the command needs and runs it in the foreground.
 * @param {string | undefined} command
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function runCommand(command, args) {
  switch (command) {
    case 'start':
      return runCli(['up', ...args]);
    case 'demo':
      return runCli(['demo', ...args]);
    case 'styleflow':
      return runCli(args);
    case 'test':
      return runTests(args);
    case 'bench':
      await setUp({ needs: 'running' });
      return runInForeground(process.execPath, [BENCH, ...args], { ownGroup: true, cwd: userFolder() });
    case 'dev':
      return dev(args);
    case 'fix':
      return fix(args);
    case 'check':
      return check(args);
    case 'readme':
      return followReadme(args);
    default:
      throw new Refusal(
        `no such command: ${command}. There are demo, start, styleflow, test, dev, check, fix, bench and readme.`,
      );
  }
}

/** @param {string[]} args */
async function runCli(args) {
  const runsHere = NEEDS_SYSTEM_PACKAGES.has(args[0] ?? '') && !asksForHelp(args);
  await setUp({ needs: runsHere ? 'running' : 'building' });
  return runInForeground(process.execPath, [CLI, ...args], { ownGroup: true, cwd: userFolder() });
}

/** Where the user stands: paths among the arguments are theirs. npm changes to the root and keeps the folder here. */
function userFolder() {
  return process.env.INIT_CWD ?? process.cwd();
}
