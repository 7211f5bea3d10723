import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { findProgram } from './find-program.mjs';
import { Refusal, StepFailed, say } from './refusal.mjs';
import { runStep } from './run-child.mjs';

/** Debian package → the programs that must be on the PATH; whoever has them otherwise needs no package. */
const PROGRAMS = {
  ffmpeg: ['ffmpeg', 'ffprobe'],
  'redis-server': ['redis-server'],
};

/** @returns {string[]} the packages that running needs and this machine lacks */
export function missingPrograms() {
  return Object.entries(PROGRAMS).flatMap(([name, programs]) =>
    programs.every((program) => findProgram(program) !== null) ? [] : [name],
  );
}

/**
 * Installs packages with apt-get where that is allowed, saying so.
 * @param {string[]} packages
 * @throws {Refusal} naming the one command to run, where it is not
 */
export async function installPackages(packages) {
  if (packages.length === 0) return;
  const names = packages.join(' ');
  if (findProgram('apt-get') === null) {
    throw new Refusal(`this machine lacks ${names}: install them with its package manager and run the command again.`);
  }
  const prefix = rootPrefix();
  if (prefix === null) {
    throw new Refusal(
      `this machine lacks ${names}. Run: sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends ${names}'`,
    );
  }
  say(`installing the system packages ${names}`);
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300'];
  const install = () => run([...apt, 'install', '-y', '--no-install-recommends', ...packages]);
  const update = () => run([...apt, 'update']);
  if (!hasPackageLists()) await update();
  if ((await install()) === 0) return;
  // Stale lists name versions that the mirror no longer has.
  say('once more, with fresh package lists');
  await update();
  const exitCode = await install();
  if (exitCode !== 0) throw new StepFailed(`apt-get could not install ${names} (exit code ${exitCode}).`);
}

/** @returns {Promise<boolean>} whether the lists of Debian's packages are fresh now */
export async function refreshPackageLists() {
  const prefix = rootPrefix();
  return prefix !== null && (await run([...prefix, 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300', 'update'])) === 0;
}

/** @param {string[]} words */
function run([file = '', ...args]) {
  return runStep(file, args, { quiet: true });
}

/** @returns {string[] | null} what to put before a command to run it as root; null when that is not possible */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const passwordless = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return passwordless ? ['sudo', '-n'] : null;
}

function hasPackageLists() {
  const folder = '/var/lib/apt/lists';
  return existsSync(folder) && readdirSync(folder).some((name) => /_Packages(\.\w+)?$/.test(name));
}
