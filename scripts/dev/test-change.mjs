import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SCENARIOS } from '../dependency-rules/rules.mjs';
import { say } from '../set-up/refusal.mjs';
import { ROOT } from '../set-up/root.mjs';
import { buildAll, locked } from '../set-up/set-up.mjs';
import { findUnmetNeeds } from '../tests/fetch-test-needs.mjs';
import { compiledPath } from '../tests/find-tests.mjs';
import { buildFor, VITEST } from '../tests/run-tests.mjs';
import { homeOf, isTest } from './places.mjs';

/**
 * @typedef {object} Change
 * @property {readonly string[]} paths what was saved, from the root
 * @property {readonly string[]} affected every file that the change reaches
 * @property {ReadonlySet<string>} nearest those of them that import what was saved, or were saved
 * @property {number} savedAt by `performance.now()`
 */

/**
 * Builds and tests one change, what tells soonest first: the tests that import what was saved, the others of its package,
 * then those of other packages. An abort ends it where it stands.
 * @param {Change} change
 * @param {{ withScenarios: boolean, onBuilt: () => Promise<void> | undefined, signal: AbortSignal }} options `onBuilt`: everything is compiled
 */
export async function testChange({ paths, affected, nearest, savedAt }, { withScenarios, onBuilt, signal }) {
  const wanted = affected.filter(isTest).filter((path) => withScenarios || homeOf(path) !== SCENARIOS);
  // It loads a package that the installation of the dependencies may just have brought.
  const { readTestNeeds } = await import('../tests/read-test-needs.mjs');
  const needs = readTestNeeds(ROOT, wanted);
  const unmet = findUnmetNeeds(new Set([...needs.values()].flat()));
  const here = wanted.filter((path) => needs.get(path)?.every((need) => unmet[need] === undefined));
  const homes = new Set(paths.map(homeOf));
  const isNear = (/** @type {string} */ path) => homes.has(homeOf(path));
  const first = here.filter((path) => isNear(path) && nearest.has(path));
  const near = here.filter((path) => isNear(path) && !nearest.has(path));
  const far = here.filter((path) => !isNear(path));
  const left = wanted.length - here.length;
  const leftOut = left === 0 ? '' : `, ${left} left out for want of ${Object.keys(unmet).join(', ')}`;
  const files = `${first.length + near.length} test files here, ${far.length} in other packages`;
  say(`${paths.join(', ')}: ${files}${leftOut}`);
  if (first.length + near.length > 0) await locked(() => buildFor([...first, ...near], needs));
  for (const tests of [first, near]) await runVitest(tests, savedAt, signal);
  if (signal.aborted) return;
  await locked(buildAll);
  if (!paths.every(isTest)) await onBuilt();
  await runVitest(far, savedAt, signal);
}

/**
 * @param {readonly string[]} tests source paths
 * @param {number} savedAt
 * @param {AbortSignal} signal
 */
async function runVitest(tests, savedAt, signal) {
  if (signal.aborted || tests.length === 0) return;
  // A group of its own: Ctrl-C reaches it through us.
  const child = spawn(process.execPath, [VITEST, 'run', ...tests.map(compiledPath)], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const end = () => endGroup(child.pid);
  signal.addEventListener('abort', end);
  const [exitCode] = await once(child, 'exit');
  signal.removeEventListener('abort', end);
  const seconds = ((performance.now() - savedAt) / 1000).toFixed(1);
  if (!signal.aborted) say(`${exitCode === 0 ? 'green' : 'RED'}, ${tests.length} files, ${seconds} s after the save`);
}

/**
 * Vitest, its workers and what they have started, at once: servers of tests die with their worker.
 * @param {number | undefined} pid of the group's leader
 */
function endGroup(pid) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
