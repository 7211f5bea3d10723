import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './find-program.mjs';
import { npmEnvironment } from './npm-environment.mjs';
import { StepFailed, say } from './refusal.mjs';
import { STATE } from './root.mjs';
import { runStep } from './run-child.mjs';

/** Runs on Node 20 (11 does not) and reads `allowBuilds`; see decisions/0001-toolchain.md. */
const PNPM_VERSION = '12.21.0';
const PNPM_MAJOR = '12.';

/**
 * The machine's own pnpm when its major version fits, else a private copy from the npm registry under `.styleflow/`:
 * nothing is installed globally and no root is needed.
 * @returns {Promise<string>} path of an executable
 */
export async function findPnpm() {
  const onPath = findProgram('pnpm');
  if (onPath !== null && versionOf(onPath).startsWith(PNPM_MAJOR)) return onPath;
  const folder = join(STATE, `pnpm-${PNPM_VERSION}`);
  const executable = join(folder, 'node_modules/.bin/pnpm');
  if (existsSync(executable) && versionOf(executable) === PNPM_VERSION) return executable;
  say(`installing pnpm ${PNPM_VERSION} into ${folder}`);
  const npmArgs = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `pnpm@${PNPM_VERSION}`];
  const exitCode = await runStep('npm', npmArgs, {
    env: npmEnvironment(process.env, join(STATE, 'npm-cache')),
    quiet: true,
  });
  if (exitCode !== 0) throw new StepFailed(`npm could not install pnpm ${PNPM_VERSION} (exit code ${exitCode}).`);
  return executable;
}

/** @param {string} executable */
function versionOf(executable) {
  // Asked outside of the checkout: inside it a pnpm may switch to another version of itself.
  const { stdout, status } = spawnSync(executable, ['--version'], { cwd: '/', encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}
