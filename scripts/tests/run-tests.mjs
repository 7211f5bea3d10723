import { join } from 'node:path';
import { asksForHelp } from '../asks-for-help.mjs';
import { LEVELS, SCENARIOS, TEST_PACKAGE } from '../dependency-rules/rules.mjs';
import { Refusal, say } from '../set-up/refusal.mjs';
import { ROOT } from '../set-up/root.mjs';
import { runInForeground } from '../set-up/run-child.mjs';
import { buildAll, buildPackages, installDependencies, locked } from '../set-up/set-up.mjs';
import { fetchTestNeeds } from './fetch-test-needs.mjs';
import { compiledPath, findTests, matchTests } from './find-tests.mjs';
import { withUnmetNeeds } from './unmet-needs.mjs';

/** @typedef {import('./test-needs.mjs').NeedName} NeedName */

export const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

/** The trainer's tests import its checkpoints by the command line. */
const TRAINER_TESTS = 'scripts/trainer/';

/** Packages up to this level know no model: their tests need no network files, and few other packages. */
const WITHOUT_MODELS = 1;

const HELP = `npm test [-- PATTERN... OPTIONS...]

Fetches and builds what the tests need, and runs the test files whose path, of the source or of the compiled file, holds a
PATTERN; without one every test. Options are vitest's own:

npm test -- scoring                          the tests whose path holds "scoring"
npm test -- packages/queue/src/x.test.ts     one file, by its source
npm test -- decide -t "trained"              one test, by a part of its name
npm test -- --tags-filter '!ffmpeg'          the tests that need no ffmpeg

Exit codes: 0 all passed, 1 a test failed, 2 the arguments were refused.
`;

/**
 * `npm test -- PATTERN… OPTIONS…`: the test files whose path, of the source or of the compiled file, holds a pattern, or
 * all; options are vitest's. Fetches and builds what these tests need and runs those that this machine can run.
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 * @throws {Refusal} when no test's path holds any of the patterns
 */
export async function runTests(args) {
  if (asksForHelp(args)) {
    process.stdout.write(HELP);
    return 0;
  }
  await locked(installDependencies);
  const patterns = await patternsOf(args);
  const tests = matchTests(findTests(ROOT), patterns, ROOT).map(({ source }) => source);
  if (tests.length === 0) throw new Refusal(`no test's path holds ${patterns.map((each) => `'${each}'`).join(' or ')}`);
  const unmet = await locked(async () => {
    // It loads a package that the installation of the dependencies has just brought.
    const { readTestNeeds } = await import('./read-test-needs.mjs');
    const needs = readTestNeeds(ROOT, tests);
    // Single tests carry this one as vitest's own tag, which is seen only when they run.
    const wantedNeeds = new Set([...needs.values(), /** @type {const} */ (['linux'])].flat());
    const unmet = await fetchTestNeeds(wantedNeeds);
    await buildFor(tests, needs);
    return unmet;
  });
  for (const [need, reason] of Object.entries(unmet)) say(`tests that need ${need} are skipped: ${reason}`);
  const forVitest = args.map((arg) => (arg.startsWith('-') ? arg : compiledPath(arg)));
  const env = withUnmetNeeds(unmet);
  return runInForeground(process.execPath, [VITEST, 'run', ...forVitest], { ownGroup: false, cwd: ROOT, env });
}

/**
 * Builds what the tests run. Without a lock of its own: callers hold it.
 * @param {readonly string[]} sources
 * @param {ReadonlyMap<string, readonly NeedName[]>} needs of each
 */
export async function buildFor(sources, needs) {
  const folders = new Set(sources.map((source) => source.split('/src/')[0] ?? source));
  const low = [...folders].flatMap((folder) => lowPackage(folder) ?? []);
  const isLow = low.length > 0 && low.length === folders.size;
  const checksDeploy = [...needs.values()].some((each) => each.includes('deploy-tools'));
  await (isLow && !checksDeploy ? buildPackages([...new Set(low)]) : buildAll());
}

/**
 * The package to build for the tests of a folder when it stands low in the house; null when everything is to be built.
 * @param {string} folder `packages/NAME`, `e2e` or a script
 */
function lowPackage(folder) {
  if (folder === SCENARIOS || folder.startsWith(TRAINER_TESTS)) return null;
  // The scripts' own tests look at the testing package alone.
  const name = folder.startsWith('packages/') ? folder.slice('packages/'.length) : TEST_PACKAGE;
  const level = name === TEST_PACKAGE ? 0 : Reflect.get(LEVELS, name);
  return level !== undefined && level <= WITHOUT_MODELS ? `packages/${name}` : null;
}

/**
 * The patterns among vitest's arguments.
 * @param {string[]} args
 * @returns {Promise<readonly string[]>}
 */
async function patternsOf(args) {
  if (!args.some((arg) => arg.startsWith('-'))) return args;
  const { parseCLI } = await import('vitest/node');
  return parseCLI(['vitest', 'run', ...args]).filter;
}
